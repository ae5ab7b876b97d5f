"""What this campaign does with Members of Parliament: contacts, briefings, meetings.

Ridings and Members themselves belong to the petition machine (`petitions/models/parliament.py`).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.parliament.states import ContactState, MeetingState
from petitions.models import Member, Petition


class BriefingLanguage(models.TextChoices):
    """Members are written to in one of the languages of Parliament."""

    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")


class Contact(models.Model):
    """What we know of a Member beside the House's list, and how far we are with them."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="contact")
    state = models.CharField(
        max_length=12, choices=ContactState.choices, default=ContactState.TO_CONTACT
    )
    language = models.CharField(max_length=2, choices=BriefingLanguage.choices, blank=True)
    email = models.EmailField(_("E-mail of the office"), blank=True)
    phone = models.CharField(_("Telephone of the office"), max_length=40, blank=True)
    seen_on = models.DateField(
        null=True,
        help_text="when name, riding and party were compared with the House's page",
    )
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_state_known", condition=Q(state__in=ContactState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.state}"


class Fact(models.Model):
    """One of the facts in a briefing: a sentence that the campaign can prove, with its source."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="facts")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["petition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "position"], name="fact_one_per_place"),
        ]

    def __str__(self) -> str:
        return self.text


class BriefText(models.Model):
    """What is written for Members about a petition, beside its facts and what others decided.

    `ask` stands in place of the petition's own, which is final once signing is scheduled;
    `background` is for the second page.
    """

    petition = models.OneToOneField(
        Petition, models.CASCADE, primary_key=True, related_name="brief_text"
    )
    ask = models.TextField(blank=True)
    background = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.ask


class Decision(models.Model):
    """What a body other than the House has decided: one line, and where it can be read."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="decisions")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    link = models.URLField(blank=True)

    class Meta:
        ordering = ["petition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "position"], name="decision_one_per_place"),
        ]

    def __str__(self) -> str:
        return self.text


class QuoteConsent(models.TextChoices):
    """How somebody agreed that their words are printed for Members."""

    LETTER = "letter", _("A signed letter or form")
    EMAIL = "email", _("An e-mail")
    SPOKEN = "spoken", _("In person, before two of the team")


class Quote(models.Model):
    """What somebody lets us print for Members in their own words.

    It is linked to no signature, and says of the person what they agreed to, in `speaker`. Once
    they no longer agree, `withdrawn_at` is set and the words are gone.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="quotes")
    text = models.TextField()
    speaker = models.CharField(max_length=80)
    is_printed = models.BooleanField(default=False)
    consented_on = models.DateField()
    consent = models.CharField(max_length=6, choices=QuoteConsent.choices)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["petition", "pk"]
        constraints = [
            models.CheckConstraint(
                name="quote_withdrawn_is_not_printed",
                condition=Q(withdrawn_at=None) | Q(is_printed=False, text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Pack(models.Model):
    """Briefings made at one instant for every Member with `least` signers or more in the riding."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="packs")
    least = models.PositiveIntegerField()
    as_of = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-as_of", "-pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.as_of:%Y-%m-%d}"


class Briefing(models.Model):
    """A page made for one Member, with texts and numbers of that day, so that it can be made again.

    `numbers` maps "total", "province", "riding" (absent below five) and "last_week" to counts, of
    the instant `as_of`; those of places are of the day "places_on" (absent in older pages).
    `content` is what `brief_texts.content()` gave then; {} for a page made before texts were kept,
    which is printed with those of today.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="briefings")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="briefings")
    pack = models.ForeignKey(Pack, models.PROTECT, null=True, related_name="briefings")
    language = models.CharField(max_length=2, choices=BriefingLanguage.choices)
    pages = models.PositiveSmallIntegerField(default=1)
    numbers = models.JSONField()
    content = models.JSONField(default=dict)
    as_of = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.CheckConstraint(name="briefing_one_or_two_pages", condition=Q(pages__in=(1, 2))),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.as_of:%Y-%m-%d}"


class Meeting(models.Model):
    """A meeting with a Member or their staff: planned, then recorded as it went.

    `promise` is quoted as it was said. `private_notes` are for the team and are printed nowhere.
    A next step has a person and a day; it is late when the day is over and `next_done_at` empty.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="meetings")
    state = models.CharField(
        max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    day = models.DateField(_("Date"))
    place = models.CharField(_("Place"), max_length=200, blank=True)
    participants = models.TextField(_("Who took part"), blank=True)
    asked = models.TextField(_("What was asked"), blank=True)
    promise = models.TextField(_("Answer or promise"), blank=True)
    next_step = models.CharField(_("Next step"), max_length=300, blank=True)
    next_by = models.CharField(_("By whom"), max_length=100, blank=True)
    next_due = models.DateField(_("By when"), null=True, blank=True)
    next_done_at = models.DateTimeField(null=True, blank=True)
    private_notes = models.TextField(_("Private notes"), blank=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="meeting_state_known", condition=Q(state__in=MeetingState.values)
            ),
            models.CheckConstraint(
                name="meeting_step_has_person_and_day",
                condition=Q(next_step="") | (~Q(next_by="") & Q(next_due__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day}"
