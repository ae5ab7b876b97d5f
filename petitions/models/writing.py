"""How the texts came about: their versions, who approved which, and notes for everybody."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from petitions.models.petition import Petition
from petitions.states import TextStatus


class TextVersion(models.Model):
    """All texts of a petition as they were saved once. Appended, never edited.

    `texts` has the shape of `domain.editing.Texts`: fields, whereas, requests.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="versions")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    texts = models.JSONField()

    class Meta:
        ordering = ["-saved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.saved_at:%Y-%m-%d %H:%M}"


class TranslationState(models.Model):
    """How far one text is in one language: of a petition, a news post, a page, a resolution.

    `subject` is the model's label and `subject_id` the row; `field` is a text's name such as
    `title` or `whereas_2`. The digests are of the text that was approved and of the text that it
    was translated from; when either differs from what stands there now, it is not approved.
    """

    subject = models.CharField(max_length=40)
    subject_id = models.PositiveBigIntegerField()
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    status = models.CharField(max_length=8, choices=TextStatus.choices, default=TextStatus.MISSING)
    digest = models.CharField(max_length=24, blank=True)
    source_digest = models.CharField(max_length=24, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "subject_id", "field", "language"],
                name="translation_state_once",
            ),
            models.CheckConstraint(
                name="translation_status_known", condition=Q(status__in=TextStatus.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id} {self.field}_{self.language}"


class PublicNote(models.Model):
    """A dated sentence on the petition's page that everybody reads. Appended, never edited."""

    class Kind(models.TextChoices):
        OVERRIDE = "override", pgettext_lazy("note", "Opened before all translations were approved")
        CORRECTION = "correction", pgettext_lazy("note", "Correction")
        REJECTION = "rejection", pgettext_lazy("note", "Why it was not accepted")

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(_("Note"))
    published_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.text
