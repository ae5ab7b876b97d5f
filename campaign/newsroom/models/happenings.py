"""What people may come to: named so because events are announced networks in `petitions`."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from petitions import clock


class HappeningQuerySet(models.QuerySet["Happening"]):
    def to_come(self) -> "HappeningQuerySet":
        """What is not over yet by the database's clock, the next one first."""
        return self.filter(ends_at__gt=clock.db_now()).order_by("starts_at", "pk")


class Happening(models.Model):
    """An event of the campaign, shown on the home page until it is over."""

    slug = models.SlugField(unique=True, help_text=_("Latin letters: part of the address."))
    title = models.CharField(_("Title"), max_length=120)
    place = models.CharField(max_length=160)
    note = models.CharField(max_length=240, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = HappeningQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="happening_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_of_days(self) -> bool:
        """Whether it ends on another day than it starts, in Toronto."""
        return clock.day_of(self.starts_at) != clock.day_of(self.ends_at)
