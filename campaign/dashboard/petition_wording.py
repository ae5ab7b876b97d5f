"""What the desk says of a petition's texts, states, moves and history."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext

from campaign.dashboard import outcome_wording
from petitions import clock, formats, presentation
from petitions.domain import authorizing, counting, lifecycle, scheduling, supporting, text_names
from petitions.models import Petition, PetitionEvent, Signature
from petitions.models.petition import REQUIRED_TEXTS
from petitions.states import PUBLIC, PetitionKind, PetitionState

_P = PetitionState

# --- texts -----------------------------------------------------------------------------------

#: The editor's groups of texts, in their order; clauses follow the texts of their own group.
SECTIONS: dict[str, tuple[str, ...]] = {
    "petition": ("title", "short_title", "summary", "addressee"),
    "whereas": ("grievances_heading",),
    "request": ("requests_heading",),
    "more": ("ask", "why_now", "share_text", "notice"),
}


def section(name: str) -> str:
    return {
        "petition": gettext("The petition"),
        "whereas": gettext("Grievances"),
        "request": gettext("Requests"),
        "more": gettext("Around the petition"),
    }[name]


language = text_names.language_name
text_name = text_names.text_name


def hint(name: str) -> str:
    return {
        "short_title": gettext("for lists and narrow places"),
        "summary": gettext("two sentences that stand under the title"),
        "grievances_heading": gettext("left empty the page says “Whereas:”"),
        "requests_heading": gettext("who calls upon whom, before the requests"),
        "ask": gettext("for Members and for news"),
        "share_text": gettext("what stands in messages of those who share"),
        "notice": gettext(
            "what a signature here is, and is not; left empty the page says that the House of "
            "Commons does not count it"
        ),
    }.get(name, "")


def is_optional(name: str) -> bool:
    """Whether a petition may open without this text (never so for a clause)."""
    return name in {"grievances_heading", "requests_heading", "why_now", "notice"} - set(
        REQUIRED_TEXTS
    )


def progress_text(done: int, total: int) -> str:
    return ngettext("%(done)s of %(total)s text", "%(done)s of %(total)s texts", total) % {
        "done": formats.number(done),
        "total": formats.number(total),
    }


# --- states ----------------------------------------------------------------------------------


def state(petition: Petition) -> str:
    """The petition's state in one sentence."""
    if presentation.is_paused(petition):
        return gettext("Signing is paused. Links that were mailed before still confirm.")
    sentence = _STATE_SENTENCES.get(_P(petition.state))
    text = sentence() if sentence else gettext("Nothing is left to do here.")
    return text % {"opens": _moment(petition.opens_at), "closes": _moment(petition.closes_at)}


_STATE_SENTENCES: dict[PetitionState, Callable[[], str]] = {
    _P.DRAFT: lambda: gettext("It is being written. Only the desk sees it."),
    _P.GATHERING_SUPPORTERS: lambda: gettext(
        "The petitioner has asked people to support it. Its text and days are frozen."
    ),
    _P.AWAITING_MP: lambda: gettext("Five people support it. It waits for a Member’s yes."),
    _P.IN_EXAMINATION: lambda: gettext("A Member has authorized it. Its text is being examined."),
    _P.LAPSED: lambda: gettext("None of five Members has authorized it: it has ended."),
    _P.REJECTED: lambda: gettext("It was not accepted. Title and reason are public."),
    _P.IN_TRANSLATION: lambda: gettext("It is being translated. Only the desk sees it."),
    _P.SCHEDULED: lambda: gettext("Everybody can read it. Signing opens on %(opens)s."),
    _P.OPEN: lambda: gettext("It takes signatures until %(closes)s."),
    _P.CLOSED: lambda: gettext(
        "It closed on %(closes)s. Links mailed before then confirm for 24 hours more."
    ),
    _P.CERTIFIED: lambda: gettext("It is certified: a Member can present it in the House."),
    _P.NOT_CERTIFIED: lambda: gettext("It is not certified, and goes no further."),
    _P.PRESENTED: lambda: gettext("It has been presented. The government’s response is awaited."),
    _P.RESPONSE_OVERDUE: lambda: gettext("The government’s response is overdue."),
    _P.RESPONSE_TABLED: lambda: gettext("The government has responded."),
    _P.CLOSED_ON_DISSOLUTION: lambda: gettext("It ended when Parliament was dissolved."),
    _P.WITHDRAWN: lambda: gettext("It has been withdrawn, and takes no signatures."),
}


def _moment(instant: datetime | None) -> str:
    return "–" if instant is None else formats.moment(instant)


def dates(petition: Petition) -> str:
    """Opening, days and closing in one sentence; "" while they are not set."""
    days = scheduling.days_of(petition)
    if days is None or petition.opens_at is None:
        return ""
    length = ngettext("%(days)s day", "%(days)s days", days) % {"days": formats.number(days)}
    if scheduling.opens_at_once(petition) and petition.state not in PUBLIC:
        return gettext("Opens as soon as it is scheduled, for %(days)s.") % {"days": length}
    return gettext("From %(opens)s to %(closes)s: %(days)s.") % {
        "opens": _moment(petition.opens_at),
        "closes": _moment(petition.closes_at),
        "days": length,
    }


# --- moves -----------------------------------------------------------------------------------

#: What people do here by hand, most wanted first. The clock opens and closes; the House's steps
#: are not the desk's.
_OFFERED: dict[PetitionState, tuple[PetitionState, ...]] = {
    _P.DRAFT: (_P.IN_TRANSLATION, _P.WITHDRAWN),
    _P.GATHERING_SUPPORTERS: (_P.DRAFT, _P.WITHDRAWN),
    _P.AWAITING_MP: (_P.WITHDRAWN,),
    _P.IN_EXAMINATION: (_P.WITHDRAWN,),
    _P.IN_TRANSLATION: (_P.SCHEDULED, _P.DRAFT, _P.WITHDRAWN),
    _P.SCHEDULED: (_P.IN_TRANSLATION, _P.WITHDRAWN),
    _P.OPEN: (_P.WITHDRAWN,),
    _P.CLOSED: (_P.CERTIFIED, _P.NOT_CERTIFIED),
}


def offered(petition: Petition) -> tuple[PetitionState, ...]:
    """The states that somebody of the desk may send this petition to, guards aside."""
    if petition.kind == PetitionKind.RECORD:
        return ()
    return _OFFERED.get(_P(petition.state), ())


def is_end(to: PetitionState) -> bool:
    """Whether nothing can follow, so that the page warns of it."""
    return to in {_P.WITHDRAWN, _P.NOT_CERTIFIED}


def needs_reason(petition: Petition, to: PetitionState) -> bool:
    """Withdrawing does, and refusing a certificate to a petition that has reached its goal."""
    if to == _P.NOT_CERTIFIED:
        return counting.exact_total(petition) >= petition.threshold
    return to == _P.WITHDRAWN


def reasons_against(petition: Petition, to: PetitionState) -> list[str]:
    if to == _P.SCHEDULED:
        return scheduling.reasons_against(petition)
    return lifecycle.reasons_against(petition, to)


def move_label(petition: Petition, to: PetitionState) -> str:
    """What the button says that does it."""
    if to == _P.SCHEDULED and scheduling.opens_at_once(petition):
        return pgettext("action", "Open for signature")
    if to == _P.IN_TRANSLATION:
        if petition.state == _P.DRAFT:
            return gettext("Begin the translation")
        return gettext("Go back to the translation")
    return {
        _P.SCHEDULED: gettext("Schedule the opening"),
        _P.DRAFT: gettext("Go back to the draft"),
        _P.CERTIFIED: gettext("Certify the total"),
        _P.NOT_CERTIFIED: gettext("Close without a certificate"),
        _P.WITHDRAWN: gettext("Withdraw the petition"),
    }[to]


def consequences(petition: Petition, to: PetitionState) -> list[str]:
    """What will happen, sentence by sentence, before anybody presses the button."""
    if to == _P.SCHEDULED:
        return _of_scheduling(petition)
    if to == _P.WITHDRAWN:
        return _of_withdrawing(petition)
    if to == _P.CERTIFIED:
        return outcome_wording.of_certifying(petition)
    if to == _P.NOT_CERTIFIED:
        return outcome_wording.of_declining(petition)
    sentences = [
        gettext("Only the desk sees the petition."),
        gettext("Texts, dates and goal can be changed."),
    ]
    if to == _P.DRAFT and petition.supporters.exists():
        sentences.append(
            gettext("Supporters and the Member have agreed to this text: they are asked anew.")
        )
    if petition.state == _P.SCHEDULED:
        sentences[0] = gettext("The page is taken off the public site; only the desk sees it.")
        sentences.append(gettext("Signing does not open until it is scheduled anew."))
    if to == _P.IN_TRANSLATION and petition.state == _P.DRAFT:
        sentences.append(
            gettext("The text counts as written: what is left is to match the three languages.")
        )
    return sentences


def _of_scheduling(petition: Petition) -> list[str]:
    goal = {"goal": formats.number(petition.threshold)}
    if scheduling.opens_at_once(petition):
        closes = scheduling.closing(clock.db_instant(), scheduling.days_of(petition) or 0)
        return [
            gettext("Everybody can read the petition, and signing opens at once."),
            gettext("It closes by itself on %(closes)s.") % {"closes": _moment(closes)},
            gettext("The goal is %(goal)s confirmed signatures.") % goal,
            gettext(
                "From now on its texts, dates and goal cannot be changed. It can be paused, and "
                "it can be withdrawn for good; it cannot be closed early."
            ),
        ]
    return [
        gettext("Everybody can read the petition at once, marked “Opens soon”."),
        gettext("Signing opens by itself on %(opens)s, and closes on %(closes)s.")
        % {"opens": _moment(petition.opens_at), "closes": _moment(petition.closes_at)},
        gettext("The goal is %(goal)s confirmed signatures.") % goal,
        gettext(
            "Until it opens it can go back to the translation. Once it is open its texts, dates "
            "and goal cannot be changed."
        ),
    ]


def _of_withdrawing(petition: Petition) -> list[str]:
    sentences = [gettext("This cannot be undone: the petition ends here.")]
    if petition.state in PUBLIC:
        sentences.append(
            gettext("Its page says that it is no longer here, with today’s date and no reason.")
        )
    counted = Signature.objects.filter(petition=petition).counted().count()
    if petition.state == _P.OPEN:
        sentences.append(gettext("Nobody can sign it any more."))
    if counted:
        sentences.append(
            ngettext(
                "%(number)s confirmed signature stays sealed, and reaches no goal.",
                "%(number)s confirmed signatures stay sealed, and reach no goal.",
                counted,
            )
            % {"number": formats.number(counted)}
        )
    return sentences


# --- history ---------------------------------------------------------------------------------


def history(petition: Petition) -> list[dict[str, Any]]:
    """Every step, newest first: when, what, who, why."""
    entries, is_paused = [], False
    for event in petition.events.select_related("by").order_by("happened_at", "pk"):
        what = _step(event)
        if event.from_state == event.to_state == _P.OPEN:
            # Pauses and their ends alternate (`lifecycle.pause`).
            is_paused = not is_paused
            what = gettext("Signing paused") if is_paused else gettext("Signing resumed")
        entries.append({"at": event.happened_at, "what": what, **_who_and_why(petition, event)})
    return entries[::-1]


def _step(event: PetitionEvent) -> str:
    to = str(_P(event.to_state).label)
    return f"{_P(event.from_state).label} → {to}" if event.from_state else to


#: Reasons that programs store → who moved it.
_BY_OTHERS: dict[str, Callable[[], str]] = {
    lifecycle.BY_THE_CLOCK: lambda: pgettext("who moved it", "by the clock"),
    supporting.BY_THE_FIFTH: lambda: pgettext("who moved it", "the fifth supporter"),
    authorizing.BY_THE_OFFICE: lambda: pgettext("who moved it", "the Member’s office"),
    authorizing.BY_THE_FIFTH_NO: lambda: pgettext("who moved it", "the fifth Member asked"),
}


def _who_and_why(petition: Petition, event: PetitionEvent) -> dict[str, str]:
    """Reasons that programs store are in English: they are told in the page's own words."""
    if event.by is not None:
        return {"who": str(event.by), "why": event.reason}
    if event.reason in _BY_OTHERS:
        return {"who": _BY_OTHERS[event.reason](), "why": ""}
    if petition.kind == PetitionKind.RECORD:
        return {"who": gettext("official record"), "why": ""}
    if petition.is_demo:
        return {"who": gettext("demonstration"), "why": ""}
    return {"who": gettext("somebody who has left"), "why": event.reason}
