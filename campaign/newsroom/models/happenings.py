"""What people may come to: named so because events are announced networks in `petitions`."""

from functools import reduce
from operator import and_

from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from petitions import clock, formats

#: What is written in three languages of every event, and what of some.
REQUIRED = ("title", "place")
OPTIONAL = ("note", "body")


class HappeningQuerySet(models.QuerySet["Happening"]):
    def public(self) -> "HappeningQuerySet":
        """What is written in three languages: nobody is to read of it less than others do."""
        whole = [_is_written(name) for name in REQUIRED]
        whole += [_is_written(name) | _is_left_out(name) for name in OPTIONAL]
        return self.filter(reduce(and_, whole))

    def to_come(self) -> "HappeningQuerySet":
        """What is not over yet by the database's clock, the next one first."""
        return self.filter(ends_at__gt=clock.db_now()).order_by("starts_at", "pk")

    def with_end(self) -> "HappeningQuerySet":
        """Each with whether it `is_over` by the database's clock."""
        return self.annotate(
            is_over=Case(
                When(_is_over(), then=True), default=False, output_field=models.BooleanField()
            )
        )

    def in_order(self) -> "HappeningQuerySet":
        """First what is to come, the next one first; then what is over, the last one first."""
        return self.order_by(
            Case(When(_is_over(), then=1), default=0),
            Case(When(~_is_over(), then="starts_at")),
            Case(When(_is_over(), then="starts_at")).desc(),
            "pk",
        )


def _is_over() -> Q:
    return Q(ends_at__lte=clock.db_now())


def _is_written(name: str) -> Q:
    return reduce(and_, (Q(**{f"{name}_{code}__gt": ""}) for code in formats.LOCALES))


def _is_left_out(name: str) -> Q:
    return reduce(
        and_,
        (
            Q(**{f"{name}_{code}": ""}) | Q(**{f"{name}_{code}__isnull": True})
            for code in formats.LOCALES
        ),
    )


class Happening(models.Model):
    """An event of the campaign. `body` is Markdown: what else is to be known, where there is more.

    It has no place for the address of a meeting by video: whoever watches the community could
    enter it. Who wants to come asks for it.
    """

    slug = models.SlugField(unique=True, help_text=_("Latin letters: part of the address."))
    title = models.CharField(_("Title"), max_length=120)
    place = models.CharField(max_length=160)
    note = models.CharField(max_length=240, blank=True, help_text=_("Such as what to bring."))
    body = models.TextField(blank=True, help_text="Markdown")
    starts_at = models.DateTimeField(help_text=_("Toronto time."))
    ends_at = models.DateTimeField(help_text=_("Toronto time."))
    is_cancelled = models.BooleanField(
        default=False, help_text=_("Its page stays and says so: people may have been sent it.")
    )
    changed_at = models.DateTimeField(auto_now=True)

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

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.slug])

    @property
    def is_of_days(self) -> bool:
        """Whether it ends on another day than it starts, in Toronto."""
        return clock.day_of(self.starts_at) != clock.day_of(self.ends_at)
