"""The petition, its text, its history and its figures."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from petitions import clock, peppers
from petitions.states import PUBLIC, PetitionKind, PetitionState

#: A signature begun before closing may still be confirmed for this long.
GRACE = timedelta(hours=24)

#: Fields that must be filled in every language before signing may open.
REQUIRED_TEXTS = ("title", "short_title", "summary", "addressee", "ask", "share_text")


#: How many days the House lets an e-petition be open (S.O. 36; since January 28, 2019).
DURATIONS = (30, 60, 90, 120)

_DISSOLVED = PetitionState.CLOSED_ON_DISSOLUTION


class AddresseeKind(models.TextChoices):
    """To whom the House lets a petition be addressed."""

    HOUSE = "house", _("The House of Commons")
    GOVERNMENT = "government", _("The Government of Canada")
    MINISTER = "minister", _("A Minister of the Crown")
    MEMBER = "member", _("A Member of the House of Commons")


class PetitionQuerySet(models.QuerySet["Petition"]):
    def public(self) -> "PetitionQuerySet":
        """What anybody may see: of those that a dissolution ended, what was public before."""
        was_public = PetitionEvent.objects.filter(
            petition=OuterRef("pk"), to_state=_DISSOLVED, from_state__in=PUBLIC
        )
        return self.filter(
            Q(state__in=PUBLIC - {_DISSOLVED}) | Q(Exists(was_public), state=_DISSOLVED)
        )

    def signable(self) -> "PetitionQuerySet":
        """Petitions that take a new signature at this instant, by the database's clock."""
        return self.filter(state=PetitionState.OPEN, paused_at=None, closes_at__gt=clock.db_now())

    def signed_here(self) -> "PetitionQuerySet":
        """Petitions that take, will take or took signatures here, the open ones first."""
        is_open = Case(When(state=PetitionState.OPEN, then=0), default=1)
        return self.exclude(kind=PetitionKind.RECORD).order_by(is_open, "-opens_at", "-pk")


class Petition(models.Model):
    """A campaign's own petition, a companion of an official one, or a record of one.

    `state` is changed by `petitions.domain.lifecycle.move()` and by nothing else. `pepper_name`
    names the pepper of its indexes (`petitions/peppers.py`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(unique=True, help_text=_("Latin letters: part of the address."))
    kind = models.CharField(max_length=16, choices=PetitionKind.choices)
    state = models.CharField(
        max_length=32, choices=PetitionState.choices, default=PetitionState.DRAFT, editable=False
    )

    title = models.CharField(_("Title"), max_length=160)
    short_title = models.CharField(max_length=80)
    summary = models.TextField(_("Summary"))
    addressee = models.CharField(_("Addressed to"), max_length=160)
    grievances_heading = models.CharField(max_length=120, blank=True)
    requests_heading = models.CharField(max_length=240, blank=True)
    ask = models.TextField(blank=True, help_text=_("The requests in one sentence."))
    why_now = models.TextField(blank=True)
    share_text = models.CharField(max_length=160, blank=True)
    notice = models.TextField(blank=True, help_text=_("What a signature here is, and is not."))
    response_summary = models.TextField(blank=True)
    response_caution = models.TextField(blank=True)

    keywords = models.CharField(
        _("Keywords"), max_length=200, blank=True, help_text=_("Separated by commas.")
    )
    addressee_kind = models.CharField(max_length=10, choices=AddresseeKind.choices, blank=True)

    duration = models.PositiveSmallIntegerField(
        _("Days open"), choices=[(days, days) for days in DURATIONS], null=True, blank=True
    )
    petitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="petitions",
        help_text=_("Who takes it through the House's steps; nobody for the short way."),
    )
    threshold = models.PositiveIntegerField(_("Goal"), default=500)
    opens_at = models.DateTimeField(_("Opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("Closes"), null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    original_language = models.CharField(max_length=2, default="en")
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    petitioner_name = models.CharField(max_length=120, blank=True)
    sponsor_name = models.CharField(max_length=120, blank=True)
    sponsor_riding = models.CharField(max_length=120, blank=True)
    house_number = models.CharField(_("Official number (e-####)"), max_length=16, blank=True)
    parliamentary_number = models.CharField(max_length=16, blank=True)
    pepper_name = models.CharField(max_length=16, default=peppers.newest_name, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="petition_state_known", condition=Q(state__in=PetitionState.values)
            ),
            models.CheckConstraint(
                name="petition_kind_known", condition=Q(kind__in=PetitionKind.values)
            ),
            models.CheckConstraint(
                name="petition_closes_after_opening",
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
            ),
            models.CheckConstraint(
                name="petition_open_has_dates",
                condition=~Q(state=PetitionState.OPEN)
                | Q(opens_at__isnull=False, closes_at__isnull=False),
            ),
            models.CheckConstraint(name="petition_has_goal", condition=Q(threshold__gte=1)),
            models.CheckConstraint(
                name="petition_duration_of_the_house",
                condition=Q(duration=None) | Q(duration__in=DURATIONS),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether anybody may see it; as `PetitionQuerySet.public()` has it."""
        if self.state != _DISSOLVED:
            return self.state in PUBLIC
        return self.events.filter(to_state=_DISSOLVED, from_state__in=PUBLIC).exists()

    @property
    def final_at(self) -> datetime | None:
        """When the count is final: a day after closing, when the last links stop counting."""
        return self.closes_at + GRACE if self.closes_at else None


class Clause(models.Model):
    """One "whereas" or one request, in its order."""

    class Kind(models.TextChoices):
        WHEREAS = "whereas", _("Whereas")
        REQUEST = "request", _("Request")

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="clauses")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["kind", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "kind", "position"], name="clause_one_per_place"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class PetitionEvent(models.Model):
    """One dated step in a petition's life: who, when, from, to, why. Appended, never edited."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="events")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    from_state = models.CharField(max_length=32, choices=PetitionState.choices, blank=True)
    to_state = models.CharField(max_length=32, choices=PetitionState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-happened_at", "-pk"]
        get_latest_by = ["happened_at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Tally(models.Model):
    """The stored public figures of a petition; `domain/counting.py` writes them.

    `provinces` maps a province's code, "abroad" or "other" to a count, small cells merged; it is
    of the instant `provinces_at`, whose day is shown. `figures_day` is the last day on which the
    daily figures were looked at, whether or not the provinces were due. `removed` maps reasons to
    the signatures rejected for them, small cells merged.

    `desk` has tables of the same instant for whoever may not see small cells: by riding (its code
    as text), language and source. `told` maps each table to the number last told of each cell.
    """

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True)
    total = models.PositiveIntegerField(default=0)
    as_of = models.DateTimeField(null=True, help_text=_("The instant that the total is of."))
    provinces = models.JSONField(default=dict)
    provinces_day = models.DateField(null=True)
    provinces_at = models.DateTimeField(null=True)
    desk = models.JSONField(default=dict)
    told = models.JSONField(default=dict)
    figures_day = models.DateField(null=True)
    removed = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.total}"


class TallyDay(models.Model):
    """How many signatures began to count on one day in Toronto."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="days")
    day = models.DateField()
    counted = models.PositiveIntegerField()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "day"], name="tally_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.counted}"


class Milestone(models.Model):
    """A number of signatures reached for the first time; kept when the count falls again."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="milestones")
    number = models.PositiveIntegerField()
    reached_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="milestone_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
