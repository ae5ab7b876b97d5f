"""What others decided about the matter, point by point, and copies of the official texts."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.newsroom.models.files import FileManager
from petitions import formats


def validate_languages(text: str) -> None:
    """Codes of our languages with a space between them, each once."""
    codes = text.split(" ")
    if len(set(codes)) < len(codes) or not set(codes) <= formats.LOCALES.keys():
        raise ValidationError(gettext("Enter codes of languages, each once, like: en fr"))


class Resolution(models.Model):
    """What another body decided about the matter, point by point in our words.

    reference, case       as the body numbers it
    official_languages    in which of our languages the body published it, such as "en fr"
    relation              what it has to do with the petition
    """

    slug = models.SlugField(unique=True)
    reference = models.CharField(max_length=60)
    case = models.CharField(max_length=60, blank=True)
    adopted_on = models.DateField()
    official_url = models.URLField(blank=True, help_text="where the body itself publishes it")
    official_languages = models.CharField(
        max_length=8,
        default="en fr",
        validators=[validate_languages],
        help_text="in which of en, fr and km the official text exists, such as: en fr",
    )
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

    @property
    def languages(self) -> list[str]:
        """The codes of the languages in which the official text exists."""
        return self.official_languages.split()


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


class Document(models.Model):
    """A copy of an official text as its body published it, in one language.

    The whole PDF lies in the database, so that backups and every server have it. It is changed
    by `campaign.newsroom.domain.documents` and by nothing else.

    sha256          of the content, in hexadecimal digits, as it was stored
    source_url      where it was downloaded
    retrieved_on    the day of that
    """

    # Copies are removed one by one before their decision, so that the audit log has each.
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="documents")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64)
    source_url = models.URLField()
    retrieved_on = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = FileManager["Document"]()

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "language"], name="document_once_per_language"
            ),
            models.CheckConstraint(name="document_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.resolution_id} {self.language}"

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.resolution.slug, self.language])
