"""The House's steps: supporters, the Member, the clerk, certificate, presentation and response."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from petitions.models.parliament import Member, Province
from petitions.models.petition import Petition
from petitions.models.signature import Eligibility, Residence
from petitions.states import MPRequestState, SupporterState

#: How many supporters make a petition ready for a Member, and how many may be asked.
SUPPORTERS_NEEDED = 5
SUPPORTERS_AT_MOST = 10

#: How many Members may be asked, one at a time, and for how many days each.
MEMBERS_AT_MOST = 5
DAYS_TO_ANSWER = 30


class Supporter(models.Model):
    """Somebody asked to be one of the first five. Never a signer, never counted as one.

    name, address   under the mail key, until 30 days after the response; then null
    email_index     HMAC of the canonical address, per petition
    place           1 to 5 in the order of their support
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="supporters")
    state = models.CharField(
        max_length=9, choices=SupporterState.choices, default=SupporterState.INVITED
    )
    name = models.BinaryField(null=True)
    address = models.BinaryField(null=True)
    email_index = models.BinaryField(max_length=32, null=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    eligibility = models.CharField(max_length=8, choices=Eligibility.choices, blank=True)
    residence = models.CharField(max_length=6, choices=Residence.choices, blank=True)
    province = models.CharField(max_length=2, choices=Province.choices, blank=True)
    country = models.CharField(max_length=2, blank=True)
    place = models.PositiveSmallIntegerField(null=True)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="supporter_state_known", condition=Q(state__in=SupporterState.values)
            ),
            models.UniqueConstraint(
                fields=["petition", "email_index"],
                condition=~Q(state=SupporterState.CANCELLED),
                name="supporter_once_per_address",
            ),
            models.UniqueConstraint(
                fields=["petition", "place"],
                condition=Q(state=SupporterState.SUPPORTED),
                name="supporter_one_per_place",
            ),
            models.CheckConstraint(
                name="supporter_place_while_supporting",
                condition=Q(state=SupporterState.SUPPORTED, place__isnull=False)
                | (~Q(state=SupporterState.SUPPORTED) & Q(place=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class MPRequest(models.Model):
    """One Member asked to authorize publication, by mail or by a letter that staff record.

    `address` of the office is under the mail key. `letter_on` dates an answer on paper.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="mp_requests")
    number = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    address = models.BinaryField(null=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(
        max_length=10, choices=MPRequestState.choices, default=MPRequestState.ASKED
    )
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    reminders = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    letter_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    may_be_named = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["petition", "number"]
        constraints = [
            models.CheckConstraint(
                name="mp_request_state_known", condition=Q(state__in=MPRequestState.values)
            ),
            models.UniqueConstraint(
                fields=["petition", "number"], name="mp_request_once_per_number"
            ),
            models.UniqueConstraint(
                fields=["petition"],
                condition=Q(state=MPRequestState.ASKED),
                name="mp_request_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.number}"


class Examination(models.Model):
    """One examination of form and content, before the real Clerk of Petitions sees the text.

    `points` maps a rule of `domain/house_rules.py` to `{"met": bool, "note": str}`.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="examinations")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    points = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition"], condition=Q(finished_at=None), name="examination_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.started_at:%Y-%m-%d}"


class Outcome(models.Model):
    """What became of a petition after it closed; the total of the certificate never changes.

    `certified_provinces` maps cells to counts, merged as on the public page.
    """

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True)
    certified_at = models.DateTimeField(null=True)
    certified_total = models.PositiveIntegerField(null=True)
    certified_provinces = models.JSONField(default=dict)
    presented_on = models.DateField(null=True)
    presented_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    presenter_name = models.CharField(max_length=120, blank=True)
    presenter_riding = models.CharField(max_length=120, blank=True)
    response_on = models.DateField(null=True)
    response_minister = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outcome_certified_has_total",
                condition=Q(certified_at=None, certified_total=None)
                | Q(certified_at__isnull=False, certified_total__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}"


class ResponseFile(models.Model):
    """The government's response as it was tabled, kept whole."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="response_files")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "language"], name="response_file_once_per_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.language}"


class SittingDay(models.Model):
    """A day on which the House sits: a response due on another day is due on the next of them."""

    day = models.DateField(_("Date"), primary_key=True)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class OfficialCount(models.Model):
    """What the House's own page showed for the official e-petition, on a day, with its source."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="official_counts")
    number = models.PositiveIntegerField()
    seen_on = models.DateField()
    source = models.CharField(max_length=200)
    entered_at = models.DateTimeField(db_default=models.functions.Now())
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-seen_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "seen_on"], name="official_count_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
