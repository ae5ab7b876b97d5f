"""Who took a signer list out, when, why, and what was in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from petitions.models.parliament import Province, Riding
from petitions.models.petition import Petition


class ExportField(models.TextChoices):
    """What a list can hold. The values are the headings of its columns, in every language."""

    NAME = "name", _("Full name")
    PROVINCE = "province", _("Province or territory")
    DATE = "date", _("Date")
    RIDING = "riding", _("Riding (estimated)")
    COUNTRY = "country", _("Country")
    POSTAL_CODE = "postal_code", _("Postal code")
    EMAIL = "email", _("E-mail address")


#: Enough for a list to be handed to a Member; everything more is chosen one by one.
DEFAULT_FIELDS = (ExportField.NAME, ExportField.PROVINCE, ExportField.DATE)


class ExportRecord(models.Model):
    """Written before the first byte leaves. Without `finished_at` the file lacks its end.

    since          only rows that have counted since then: the instant of an earlier export
    digest         SHA-256 of the whole file; of a bundle, of the list inside, as its manifest has
                   it, since the same bundle is never made twice
    recipient_key  of a bundle: the fingerprint of the age key that it is encrypted to
    """

    class Purpose(models.TextChoices):
        PRESENT = "present", _("To hand the list to a Member of Parliament")
        CHECK = "check", _("To check signatures")
        ARCHIVE = "archive", _("To keep a copy apart from this server")
        OTHER = "other", pgettext_lazy("purpose", "Other")

    class Format(models.TextChoices):
        EXCEL = "excel", _("CSV for Excel")
        PLAIN = "plain", _("CSV, plain UTF-8")
        PRINT = "print", _("List to print (PDF)")
        BUNDLE = "age", _("Encrypted for one recipient (age)")

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="exports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    by_email = models.EmailField(help_text=_("Kept when the account is deleted."))
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    reason = models.CharField(max_length=300)
    recipient = models.CharField(max_length=200)
    fields = models.JSONField()
    province = models.CharField(max_length=2, choices=Province.choices, blank=True)
    riding = models.ForeignKey(Riding, models.SET_NULL, null=True, blank=True)
    file_format = models.CharField(max_length=5, choices=Format.choices)
    since = models.DateTimeField(null=True)
    recipient_key = models.CharField(max_length=64, blank=True, default="", db_default="")
    destroy_by = models.DateField(null=True, help_text=_("As the recipient has promised."))
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="export_finished_has_rows_and_digest",
                condition=Q(finished_at=None, rows=None, digest="")
                | (Q(finished_at__isnull=False, rows__isnull=False) & ~Q(digest="")),
            ),
            models.CheckConstraint(
                name="export_bundle_has_a_recipients_key",
                condition=(Q(file_format="age") & ~Q(recipient_key=""))
                | (~Q(file_format="age") & Q(recipient_key="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def serial(self) -> str:
        """What the file is called by, on it and in the log."""
        return f"{self.pk:04d}"


class ListEnd(models.Model):
    """A signer list's way to its end: when its keepers were warned, and when it was erased."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True)
    warned_first_at = models.DateTimeField(null=True)
    warned_last_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.petition_id}"
