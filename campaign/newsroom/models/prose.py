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
