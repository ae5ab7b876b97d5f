"""What others decided about the matter, point by point."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Resolution(models.Model):
    """What another body decided about the matter, point by point in our words.

    reference, case    as the body numbers it
    relation           what it has to do with the petition
    """

    slug = models.SlugField(unique=True)
    reference = models.CharField(max_length=60)
    case = models.CharField(max_length=60, blank=True)
    adopted_on = models.DateField()
    official_url = models.URLField(blank=True, help_text="where the body itself publishes it")
    organization = models.CharField(max_length=120, help_text="who decided it")
    kind = models.CharField(max_length=60, help_text="such as a decision")
    place = models.CharField(max_length=80, blank=True)
    title = models.CharField(_("Title"), max_length=160)
    summary = models.TextField()
    relation = models.TextField()

    class Meta:
        ordering = ["-adopted_on", "slug"]

    def __str__(self) -> str:
        return self.title


class ResolutionPoint(models.Model):
    """One point, under the number that it has in the official text."""

    resolution = models.ForeignKey(Resolution, models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["resolution", "number"], name="resolution_point_once"),
        ]

    def __str__(self) -> str:
        return self.text
