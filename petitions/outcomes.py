"""What pages say of a petition after its closing, in the active language."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from petitions import clock, formats
from petitions.domain.sitting import Due, response_due
from petitions.models import Outcome, Petition, PetitionEvent
from petitions.states import PetitionKind, PetitionState

_P = PetitionState

#: States in which the figures are, or may be, those of the certificate.
_AFTER_COUNTING = frozenset(
    {
        _P.CERTIFIED,
        _P.NOT_CERTIFIED,
        _P.PRESENTED,
        _P.RESPONSE_OVERDUE,
        _P.RESPONSE_TABLED,
        _P.CLOSED_ON_DISSOLUTION,
    }
)


def of(petition: Petition) -> Outcome | None:
    """What is stored, as loaded with the petition where a page shows many."""
    if petition.state not in _AFTER_COUNTING:
        return None
    outcome: Outcome | None = getattr(petition, "outcome", None)
    return outcome


def final_text(petition: Petition) -> str:
    """Under the number of a count that never changes again; "" while it may."""
    outcome = of(petition)
    if outcome is None or outcome.certified_at is None:
        return ""
    return gettext("Final count of %(date)s") % {"date": formats.long_date(outcome.certified_at)}


# --- the panel on top of the page ------------------------------------------------------------


def panel(petition: Petition) -> dict[str, Any] | None:
    """What became of it, on top of its page: sentences, and the response's file where there is
    one. None while it is open, or has only just closed."""
    state = _P(petition.state)
    sentences = _SENTENCES.get(state)
    outcome = of(petition)
    if sentences is None or (outcome is None and state != _P.CLOSED_ON_DISSOLUTION):
        return None
    return {
        "sentences": sentences(petition, outcome or Outcome(petition=petition)),
        "is_late": state == _P.RESPONSE_OVERDUE,
        "leads_to_response": state == _P.RESPONSE_TABLED and bool(petition.response_summary),
    }


def _of_certificate(petition: Petition, outcome: Outcome) -> list[str]:
    return [
        _count_text(petition, outcome),
        gettext("A Member of Parliament can now present the petition to the House of Commons."),
        gettext(
            "This certificate is the campaign’s own. It is not that of the Clerk of Petitions."
        ),
    ]


def _without_certificate(petition: Petition, outcome: Outcome) -> list[str]:
    return [_count_text(petition, outcome), gettext("It goes no further.")]


def _count_text(petition: Petition, outcome: Outcome) -> str:
    total = outcome.certified_total or 0
    text = ngettext(
        "%(number)s confirmed signature counted on %(date)s. The goal was %(goal)s.",
        "%(number)s confirmed signatures counted on %(date)s. The goal was %(goal)s.",
        total,
    )
    return text % {
        "number": formats.number(total),
        "date": formats.long_date(outcome.certified_at or clock.display_now()),
        "goal": formats.number(petition.threshold),
    }


def _of_presentation(petition: Petition, outcome: Outcome) -> list[str]:
    due = response_due(petition)
    return [_presented_text(petition, outcome), *([due_text(due)] if due else [])]


def _presented_text(petition: Petition, outcome: Outcome) -> str:
    """Names the Member only where the outcome does."""
    if outcome.presented_on is None:
        return ""
    words = {
        "date": formats.long_date(outcome.presented_on),
        "name": presenter(outcome),
        "number": petition.parliamentary_number,
    }
    if outcome.presenter_name:
        return gettext("%(name)s presented it on %(date)s, as petition no. %(number)s.") % words
    return gettext("It was presented on %(date)s, as petition no. %(number)s.") % words


def presenter(outcome: Outcome) -> str:
    """The Member with the riding, as far as the page may name them; "" otherwise."""
    riding = outcome.presenter_riding
    if not outcome.presenter_name or not riding:
        return outcome.presenter_name
    member = outcome.presented_by
    # In the page's language, while it is still that Member's.
    if member is not None and member.riding.name_en == riding:  # type: ignore[attr-defined]
        riding = member.riding.name
    return f"{outcome.presenter_name} ({riding})"


def due_text(due: Due) -> str:
    """By when the government must respond."""
    text = (
        gettext("The government must respond by %(date)s.")
        if due.is_sure
        else gettext(
            "The government must respond by %(date)s, or by the next day on which the House sits."
        )
    )
    return text % {"date": formats.long_date(due.on)}


def _of_delay(petition: Petition, outcome: Outcome) -> list[str]:
    due = response_due(petition)
    sentences = [_presented_text(petition, outcome)]
    if due is not None:
        sentences.append(
            gettext("The government’s response was due on %(date)s. None is recorded here yet.")
            % {"date": formats.long_date(due.on)}
        )
    return sentences


def _of_response(petition: Petition, outcome: Outcome) -> list[str]:
    sentences = [_presented_text(petition, outcome)]
    if outcome.response_on is not None:
        words = {
            "date": formats.long_date(outcome.response_on),
            "minister": outcome.response_minister,
        }
        sentences.append(
            gettext("The response was tabled on %(date)s, signed by %(minister)s.") % words
            if outcome.response_minister
            else gettext("The response was tabled on %(date)s.") % words
        )
    return [each for each in sentences if each]


def _of_dissolution(_petition: Petition, _outcome: Outcome) -> list[str]:
    return [
        gettext("Parliament was dissolved before the petition had been presented: it ends here."),
        gettext("After the election a new petition can be started."),
    ]


_SENTENCES = {
    _P.CERTIFIED: _of_certificate,
    _P.NOT_CERTIFIED: _without_certificate,
    _P.PRESENTED: _of_presentation,
    _P.RESPONSE_OVERDUE: _of_delay,
    _P.RESPONSE_TABLED: _of_response,
    _P.CLOSED_ON_DISSOLUTION: _of_dissolution,
}


# --- the timeline ----------------------------------------------------------------------------


def step_detail(petition: Petition, event: PetitionEvent) -> str:
    """What the timeline adds to a step's name: its hour, its number, who took it."""
    state = _P(event.to_state)
    if state in {_P.OPEN, _P.CLOSED}:
        return formats.clock_time(event.happened_at)
    outcome = of(petition)
    if outcome is None:
        return ""
    if state in {_P.CERTIFIED, _P.NOT_CERTIFIED} and outcome.certified_total is not None:
        return ngettext(
            "%(number)s confirmed signature",
            "%(number)s confirmed signatures",
            outcome.certified_total,
        ) % {"number": formats.number(outcome.certified_total)}
    if state == _P.PRESENTED:
        number = petition.parliamentary_number
        parts = [presenter(outcome), gettext("petition no. %(number)s") % {"number": number}]
        return ", ".join(part for part in (parts if number else parts[:1]) if part)
    return outcome.response_minister if state == _P.RESPONSE_TABLED else ""


# --- the response as it was tabled -----------------------------------------------------------


def response_files(petition: Petition) -> list[dict[str, str]]:
    """Where each language's file is, without reading the files."""
    if petition.state != _P.RESPONSE_TABLED:
        return []
    return [
        {"language": language, "url": reverse("links:response", args=[petition.slug, language])}
        for language in petition.response_files.values_list("language", flat=True)
    ]


def caution(petition: Petition) -> str:
    """What a summary is not; "" where the petition has words of its own, or is a record."""
    if petition.response_caution or petition.kind == PetitionKind.RECORD:
        return ""
    return gettext(
        "This summary is the campaign’s own. The text that the government tabled is the one that "
        "counts."
    )
