"""A signature. No name, address or postal code stands here in clear."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from petitions.models.parliament import Province, Riding
from petitions.models.petition import Petition
from petitions.states import SignatureState

#: The two constraints whose refusal is a lawful answer: `domain/signing.py` knows them by name.
ONE_CONFIRMED_PER_ADDRESS = "signature_one_confirmed_per_address"
ONE_PER_SUBMISSION = "signature_one_per_submission"


class Eligibility(models.TextChoices):
    CITIZEN = "citizen", _("I am a Canadian citizen")
    RESIDENT = "resident", _("I live in Canada")


class Residence(models.TextChoices):
    CANADA = "canada", _("In Canada")
    ABROAD = "abroad", _("In another country")


class RidingMethod(models.TextChoices):
    """How a signature's riding is known."""

    CERTAIN = "certain", _("certain: the whole territory is one riding")
    LIKELY = "likely", _("likely, by your postal code")
    ESTIMATED = "estimated", _("estimated from your postal code: it may be another one")
    SIGNER = "signer", _("as you told us")


class SignatureQuerySet(models.QuerySet["Signature"]):
    def counted(self) -> "SignatureQuerySet":
        """The signatures that make the public total: confirmed and not held for review."""
        return self.filter(state=SignatureState.CONFIRMED, held_at=None)

    def in_the_count(self) -> "SignatureQuerySet":
        """The same rows, by their interval (a constraint ties the two together).

        For tables of days, places, languages and sources: `signature_counted` holds all of these.
        """
        return self.filter(counted_at__isnull=False, uncounted_at=None)


class Signature(models.Model):
    """One person's signature; `domain/signing.py` and `domain/withdrawing.py` change it.

    box_person, box_email   sealed to the vault's key: this server cannot open them
    mail_address            under the mail key, only while mail is still to be sent
    email_index             HMAC of the canonical address, per petition
    generation              raised when the address or the link changes; kills older links
    first_mail_at           when the first mail left (or was withheld by the cap)
    link_sent_at            when the link of this generation first left: its week begins
    mails_queued            mails asked for through this row, the first one included
    mail_queued_at          when the last of them was asked for
    riding_boundaries   the year of the Representation Order that the riding is one of
    mark_name, mark_postal, mark_domain   HMACs by which bursts are seen (`domain/screening.py`),
                   72 hours or as long as it is held; none at an announced event
    counted_at, uncounted_at   the interval in which it counts; open while it counts
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="signatures")
    state = models.CharField(
        max_length=9, choices=SignatureState.choices, default=SignatureState.PENDING
    )

    box_person = models.BinaryField(null=True)
    box_email = models.BinaryField(null=True)
    mail_address = models.BinaryField(null=True)
    email_index = models.BinaryField(max_length=32, null=True)
    submission_key = models.BinaryField(max_length=32, null=True)

    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    eligibility = models.CharField(max_length=8, choices=Eligibility.choices, blank=True)
    residence = models.CharField(max_length=6, choices=Residence.choices, blank=True)
    province = models.CharField(max_length=2, choices=Province.choices, blank=True)
    country = models.CharField(max_length=2, blank=True)
    riding = models.ForeignKey(Riding, models.SET_NULL, null=True, blank=True)
    riding_method = models.CharField(max_length=9, choices=RidingMethod.choices, blank=True)
    riding_boundaries = models.CharField(max_length=4, blank=True)
    source = models.CharField(max_length=32, blank=True)
    wants_news = models.BooleanField(default=False)

    generation = models.PositiveSmallIntegerField(default=0)
    code_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    first_mail_at = models.DateTimeField(null=True)
    link_sent_at = models.DateTimeField(null=True)
    mails_queued = models.PositiveSmallIntegerField(default=0)
    mail_queued_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    uncounted_at = models.DateTimeField(null=True)
    held_rule = models.CharField(max_length=32, blank=True)
    held_at = models.DateTimeField(null=True)
    mark_name = models.BinaryField(max_length=16, null=True)
    mark_postal = models.BinaryField(max_length=16, null=True)
    mark_domain = models.BinaryField(max_length=16, null=True)
    erased_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signature_state_known", condition=Q(state__in=SignatureState.values)
            ),
            models.UniqueConstraint(
                fields=["petition", "email_index"],
                condition=Q(state=SignatureState.CONFIRMED),
                name=ONE_CONFIRMED_PER_ADDRESS,
            ),
            models.UniqueConstraint(fields=["petition", "submission_key"], name=ONE_PER_SUBMISSION),
            models.CheckConstraint(
                name="signature_confirmed_has_times",
                condition=~Q(state=SignatureState.CONFIRMED)
                | Q(confirmed_at__isnull=False, email_index__isnull=False)
                | Q(confirmed_at__isnull=False, erased_at__isnull=False),
            ),
            models.CheckConstraint(
                name="signature_counts_while_confirmed_and_not_held",
                condition=Q(
                    state=SignatureState.CONFIRMED,
                    held_at=None,
                    counted_at__isnull=False,
                    uncounted_at=None,
                )
                | (
                    (~Q(state=SignatureState.CONFIRMED) | Q(held_at__isnull=False))
                    & (Q(counted_at=None) | Q(uncounted_at__isnull=False))
                ),
            ),
            models.CheckConstraint(
                name="signature_address_only_while_pending_or_held",
                condition=Q(mail_address=None)
                | Q(state=SignatureState.PENDING)
                | Q(state=SignatureState.CONFIRMED, held_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["petition", "email_index"], name="signature_by_address"),
            models.Index(fields=["petition", "changed_at"], name="signature_by_change"),
            models.Index(
                fields=["created_at"],
                condition=Q(confirmed_at=None),
                name="signature_to_purge",
            ),
            # Those held for review: a confirmation that counts at once never enters it.
            models.Index(
                fields=["confirmed_at"],
                condition=Q(confirmed_at__isnull=False, mail_address__isnull=False),
                name="signature_address_kept",
            ),
            *(
                models.Index(
                    fields=[f"mark_{kind}"],
                    condition=Q(**{f"mark_{kind}__isnull": False}),
                    name=f"signature_by_{kind}",
                )
                for kind in ("name", "postal", "domain")
            ),
            # The desk's tables, without a look at the rows. Who only submits never enters it.
            models.Index(
                fields=["petition", "counted_at", "province", "language", "source", "uncounted_at"],
                condition=Q(counted_at__isnull=False, uncounted_at__isnull=True),
                name="signature_counted",
            ),
            models.Index(
                fields=["petition", "held_rule"],
                condition=Q(held_at__isnull=False),
                name="signature_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_counted(self) -> bool:
        return self.state == SignatureState.CONFIRMED and self.held_at is None
