"""Every life cycle of the petition machine: the states, their groups and the allowed moves.

Nothing here touches the database. `domain/lifecycle.py` reads the table to move a petition; the
check constraints of the models list the same states.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PetitionKind(models.TextChoices):
    CAMPAIGN = "campaign", _("Campaign petition")
    COMPANION = "companion", _("Companion of an official e-petition")
    RECORD = "record", _("Record of an official petition")


class PetitionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("petition", "Draft")
    GATHERING_SUPPORTERS = "gathering_supporters", _("Gathering supporters")
    AWAITING_MP = "awaiting_mp", _("Waiting for a Member of Parliament")
    IN_EXAMINATION = "in_examination", _("In examination")
    IN_TRANSLATION = "in_translation", _("In translation")
    SCHEDULED = "scheduled", pgettext_lazy("petition", "Opens soon")
    OPEN = "open", _("Open for signature")
    CLOSED = "closed", _("Closed for signature")
    CERTIFIED = "certified", pgettext_lazy("petition", "Certified")
    NOT_CERTIFIED = "not_certified", pgettext_lazy("petition", "Not certified")
    PRESENTED = "presented", _("Presented to the House of Commons")
    RESPONSE_OVERDUE = "response_overdue", _("Government response overdue")
    RESPONSE_TABLED = "response_tabled", _("Government response tabled")
    LAPSED = "lapsed", pgettext_lazy("petition", "Lapsed")
    REJECTED = "rejected", pgettext_lazy("petition", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("petition", "Withdrawn")
    CLOSED_ON_DISSOLUTION = "closed_on_dissolution", _("Closed upon dissolution")


_P = PetitionState

#: From each state the states it may move to (blueprint §4; S.O. 36 for the House's steps).
_STEPS: dict[PetitionState, frozenset[PetitionState]] = {
    _P.DRAFT: frozenset({_P.GATHERING_SUPPORTERS, _P.IN_TRANSLATION, _P.WITHDRAWN}),
    _P.GATHERING_SUPPORTERS: frozenset({_P.AWAITING_MP, _P.DRAFT, _P.WITHDRAWN}),
    _P.AWAITING_MP: frozenset({_P.IN_EXAMINATION, _P.AWAITING_MP, _P.LAPSED, _P.WITHDRAWN}),
    _P.IN_EXAMINATION: frozenset({_P.IN_TRANSLATION, _P.DRAFT, _P.REJECTED, _P.WITHDRAWN}),
    _P.IN_TRANSLATION: frozenset({_P.SCHEDULED, _P.DRAFT, _P.WITHDRAWN}),
    _P.SCHEDULED: frozenset({_P.OPEN, _P.IN_TRANSLATION, _P.WITHDRAWN}),
    _P.OPEN: frozenset({_P.CLOSED, _P.WITHDRAWN}),
    _P.CLOSED: frozenset({_P.CERTIFIED, _P.NOT_CERTIFIED}),
    _P.CERTIFIED: frozenset({_P.PRESENTED}),
    _P.PRESENTED: frozenset({_P.RESPONSE_TABLED, _P.RESPONSE_OVERDUE}),
    _P.RESPONSE_OVERDUE: frozenset({_P.RESPONSE_TABLED}),
}

#: A dissolution ends every petition not yet presented, from the first supporter on.
ENDED_BY_DISSOLUTION = frozenset(
    {
        _P.GATHERING_SUPPORTERS,
        _P.AWAITING_MP,
        _P.IN_EXAMINATION,
        _P.IN_TRANSLATION,
        _P.SCHEDULED,
        _P.OPEN,
        _P.CLOSED,
        _P.CERTIFIED,
    }
)

MOVES: dict[PetitionState, frozenset[PetitionState]] = {
    state: _STEPS.get(state, frozenset())
    | (frozenset({_P.CLOSED_ON_DISSOLUTION}) if state in ENDED_BY_DISSOLUTION else frozenset())
    for state in PetitionState
}

#: Shown to everybody. The rest is work in progress, and is nobody's business yet.
PUBLIC = frozenset(
    {
        _P.SCHEDULED,
        _P.OPEN,
        _P.CLOSED,
        _P.CERTIFIED,
        _P.NOT_CERTIFIED,
        _P.PRESENTED,
        _P.RESPONSE_OVERDUE,
        _P.RESPONSE_TABLED,
        _P.CLOSED_ON_DISSOLUTION,
    }
)


class SignatureState(models.TextChoices):
    """Being held for review is a field of the signature (`held_at`), not a state."""

    PENDING = "pending", _("Waiting to be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("signature", "Confirmed")
    WITHDRAWN = "withdrawn", pgettext_lazy("signature", "Withdrawn")
    REJECTED = "rejected", pgettext_lazy("signature", "Rejected")


class HoldRule(models.TextChoices):
    """Why a signature is held; read by the team only (`domain/screening.py` has the numbers)."""

    TRAP = "trap", _("A field was filled in that people do not see")
    HASTY = "hasty", _("Many forms from one network, each sent within seconds")
    UNPROVEN = "unproven", _("Without the small sum that browsers do while very many sign")
    CROWD = "crowd", _("More from an announced event than it expected")
    DISPOSABLE = "disposable", _("A mailbox that is thrown away after use")
    DOMAIN = "domain", _("Many addresses of one small domain on one day")
    NAME = "name", _("Many addresses with one name on one day")
    POSTAL = "postal", _("Many addresses with one postal code on one day")
    STAFF = "staff", _("Held by the team")


class ReviewAct(models.TextChoices):
    """What somebody decides about signatures that are held, or that look like held ones."""

    ACCEPT = "accept", pgettext_lazy("signatures", "Accept")
    REJECT = "reject", pgettext_lazy("signatures", "Reject")
    ASK = "ask", _("Ask to confirm again")
    HOLD = "hold", pgettext_lazy("signatures", "Hold")


class RejectReason(models.TextChoices):
    """Published with its number, never with a name."""

    MACHINE = "machine", _("Sent by a program")
    REPEATED = "repeated", _("One person, several addresses")
    FALSE = "false", _("False name or address")
    TEST = "test", _("A test")


class DeliveryState(models.TextChoices):
    """One mail in the outbox. Everything but the first two is final."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    BOUNCED = "bounced", _("Refused by the mail server")
    DROPPED = "dropped", _("No longer needed")


class DeliveryKind(models.TextChoices):
    """`notice` is written when it is queued, `step` and `news` when they are sent."""

    SIGN = "sign", _("Confirm, or already signed")
    REMIND = "remind", _("Reminder to confirm")
    COUNTED = "counted", _("Your signature is counted")
    MANAGE = "manage", _("Links to my signature")
    GOAL = "goal", _("Goal reached")
    ACCOUNT = "account", _("About an account of the desk")
    NOTICE = "notice", _("To people who take part in the House's steps")
    STEP = "step", _("A petition's new step")
    NEWS = "news", _("News to those who asked for it")


class NewsState(models.TextChoices):
    """A piece of news by mail. What has left cannot be called back, so nothing leads back."""

    DRAFT = "draft", pgettext_lazy("news", "Draft")
    SENDING = "sending", pgettext_lazy("news", "Being sent")
    SENT = "sent", pgettext_lazy("news", "Sent")
    STOPPED = "stopped", pgettext_lazy("news", "Stopped")


class SupporterState(models.TextChoices):
    """One of the five to ten people asked first; `cancelled` when the text goes back."""

    INVITED = "invited", pgettext_lazy("supporter", "Asked")
    SUPPORTED = "supported", pgettext_lazy("supporter", "Supports it")
    DECLINED = "declined", pgettext_lazy("supporter", "Does not support it")
    CANCELLED = "cancelled", pgettext_lazy("supporter", "No longer needed")


class MPRequestState(models.TextChoices):
    """A Member asked to authorize publication; 30 days of silence are a no."""

    ASKED = "asked", pgettext_lazy("request to a Member", "Asked")
    AUTHORIZED = "authorized", pgettext_lazy("request to a Member", "Authorized")
    DECLINED = "declined", pgettext_lazy("request to a Member", "Declined")
    SILENT = "silent", pgettext_lazy("request to a Member", "No answer in time")
    CANCELLED = "cancelled", pgettext_lazy("request to a Member", "Taken back")


class TextStatus(models.TextChoices):
    """Of one text in one language: how far it is from being shown to everybody."""

    MISSING = "missing", pgettext_lazy("text", "Missing")
    DRAFT = "draft", pgettext_lazy("text", "Draft")
    STALE = "stale", pgettext_lazy("text", "Needs review: the source changed")
    APPROVED = "approved", pgettext_lazy("text", "Approved")


class PaperState(models.TextChoices):
    """Of one sheet of paper signatures."""

    OPEN = "open", pgettext_lazy("sheet", "Being entered")
    TO_CHECK = "to_check", pgettext_lazy("sheet", "To check")
    MISMATCH = "mismatch", pgettext_lazy("sheet", "Does not match")
    ACCEPTED = "accepted", pgettext_lazy("sheet", "Accepted")


class VisitStep(models.TextChoices):
    """The steps before a signature that leave no row, or one that is deleted.

    `submitted` and `mailed` are of rows that have been deleted unconfirmed.
    """

    VISITED = "visited"
    STARTED = "started"
    SUBMITTED = "submitted"
    MAILED = "mailed"
