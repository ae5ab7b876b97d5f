"""Prose of this campaign in three languages: pages, questions, guides in steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Page(models.Model):
    """A prose page such as "privacy". `body` is Markdown: paragraphs, lists, bold, headings.

    `{site_name}`, `{organizer_name}`, `{contact_email}`, `{pending_days}`,
    `{list_days}` and `{retention_months}` in it are replaced when it is shown.
    """

    slug = models.SlugField(unique=True)
    title = models.CharField(_("Title"), max_length=120)
    body = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question with its answer; `slug` is its stable anchor."""

    slug = models.SlugField(unique=True)
    question = models.CharField(max_length=160)
    answer = models.TextField(help_text="Markdown")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.question


class Guide(models.Model):
    """A how-to in numbered steps."""

    slug = models.SlugField(unique=True)
    title = models.CharField(_("Title"), max_length=120)
    intro = models.TextField()
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.title


class GuideStep(models.Model):
    guide = models.ForeignKey(Guide, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "position"], name="guide_step_once"),
        ]

    def __str__(self) -> str:
        return self.title


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
