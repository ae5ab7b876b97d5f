"""`/petitions.json` and `/petitions/{slug}.json`: what the pages say of a petition, for programs.

The fields are those of the House's own record of an e-petition, in a fixed order; texts stand in
all three languages, null where one is not written. Names and order are a contract (see
docs/architecture.md): fields may be added, and none renamed.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from petitions import licence, presentation, removals
from petitions.domain import official
from petitions.domain.editing import LANGUAGES
from petitions.models import Clause, Outcome, Petition, Tally
from petitions.models.petition import PetitionQuerySet
from petitions.states import PetitionKind, PetitionState

InThree = dict[str, str | None]

#: Cells that are no province, in the order in which they follow the provinces.
_OTHER_CELLS = ("abroad", "other")


def with_all(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Petitions with what their records need, in as many queries as for one."""
    return petitions.select_related("tally", "outcome").prefetch_related(
        "clauses", "events", "milestones", "official_counts"
    )


def petition_record(petition: Petition) -> dict[str, Any]:
    """One petition, as `/petitions/{slug}.json` gives it."""
    return {
        "id": str(petition.public_id),
        "slug": petition.slug,
        "type": petition.kind,
        "petition_number": petition.house_number or None,
        "parliamentary_number": petition.parliamentary_number or None,
        **_parliament(petition),
        "title": _in_three(petition, "title"),
        "keywords": _keywords(petition),
        "original_language": petition.original_language,
        **_status(petition),
        **_people(petition),
        **_dates(petition),
        **_counts(petition),
        "official_signature_count": _official_count(petition),
        "addressee": _in_three(petition, "addressee"),
        "summary": _in_three(petition, "summary"),
        "grievances": _clauses(petition, Clause.Kind.WHEREAS),
        "prayer": _clauses(petition, Clause.Kind.REQUEST),
        "response": _response(petition),
        "pages": _pages(petition),
        "house_pages": _house_pages(petition),
        **licence.fields(petition),
    }


def _in_three(row: Petition | Clause, field: str) -> InThree:
    return {each: getattr(row, f"{field}_{each}") or None for each in LANGUAGES}


def _keywords(petition: Petition) -> dict[str, list[str]]:
    written = {each: getattr(petition, f"keywords_{each}") or "" for each in LANGUAGES}
    return {
        each: [word.strip() for word in text.split(",") if word.strip()]
        for each, text in written.items()
    }


def _parliament(petition: Petition) -> dict[str, int | None]:
    """421-03054 was presented in the first session of the 42nd Parliament."""
    when = petition.parliamentary_number.partition("-")[0]
    known = when.isdecimal() and len(when) > 1
    return {
        "parliament": int(when[:-1]) if known else None,
        "session": int(when[-1]) if known else None,
    }


def _status(petition: Petition) -> dict[str, Any]:
    names = {}
    for each in LANGUAGES:
        with translation.override(each):
            names[each] = presentation.state_label(petition)
    return {
        "status": str(presentation.state_by_clock(petition)),
        "status_name": names,
        "status_reached_date_time": _instant(_reached(petition)),
        "is_paused": presentation.is_paused(petition),
    }


def _reached(petition: Petition) -> datetime | None:
    """When the petition came to its state; pauses are no steps."""
    state = presentation.state_by_clock(petition)
    if state != petition.state:  # closed, and the worker has not written it yet
        return petition.closes_at
    steps = (
        event.happened_at
        for event in petition.events.all()
        if event.to_state == state != event.from_state
    )
    return max(steps, default=None)


def _people(petition: Petition) -> dict[str, Any]:
    """Only names that the petition's page shows: those of people who agreed to it."""
    sponsor = {"name": petition.sponsor_name, "constituency": petition.sponsor_riding}
    return {
        "petitioner": petition.petitioner_name or None,
        "sponsor": sponsor if petition.sponsor_name else None,
    }


def _dates(petition: Petition) -> dict[str, str | None]:
    outcome = _outcome(petition)
    return {
        "signature_opening_date_time": _instant(petition.opens_at),
        "signature_closing_date_time": _instant(petition.closes_at),
        "certification_date_time": _instant(outcome.certified_at)
        if _is_certified(petition)
        else None,
        "presented_date": _day(outcome.presented_on),
        "government_response_date": _day(outcome.response_on),
    }


def _is_certified(petition: Petition) -> bool:
    """A total is frozen also where the threshold was missed: no certificate goes with that."""
    return _outcome(petition).certified_at is not None and (
        presentation.state_by_clock(petition) != PetitionState.NOT_CERTIFIED
    )


def _outcome(petition: Petition) -> Outcome:
    outcome: Outcome = getattr(petition, "outcome", None) or Outcome(petition=petition)
    return outcome


def _counts(petition: Petition) -> dict[str, Any]:
    """This site's own count: frozen once certified, and none for a record."""
    tally: Tally = getattr(petition, "tally", None) or Tally(petition=petition)
    outcome = _outcome(petition)
    if petition.kind == PetitionKind.RECORD:
        total, as_of, provinces = None, None, {}
    elif outcome.certified_total is not None:
        total, as_of = outcome.certified_total, outcome.certified_at
        provinces = outcome.certified_provinces
    else:
        total, as_of, provinces = tally.total, tally.as_of, tally.provinces
    is_frozen = total is not None and outcome.certified_total is not None
    return {
        "threshold": petition.threshold,
        "signature_count": total,
        "signature_count_as_of": _instant(as_of),
        "signature_count_is_final": is_frozen,
        "province_signatures": list(_provinces(provinces)),
        "province_signatures_as_of": _instant(as_of)
        if is_frozen
        else _day(tally.provinces_day if provinces else None),
        "removed_signatures": list(_removed(petition)),
    }


def _removed(petition: Petition) -> Iterator[dict[str, Any]]:
    """Rejected after review, by reason, as published."""
    found = removals.cells(petition)
    for cell in sorted(found, key=lambda cell: (cell == removals.OTHER, cell)):
        names = {}
        for each in LANGUAGES:
            with translation.override(each):
                names[each] = removals.reason_name(cell)
        yield {"reason": cell, "reason_name": names, "signature_count": found[cell]}


def _provinces(cells: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Cells as published, small ones merged: provinces by their code, the merged ones last."""
    order = sorted(cells, key=lambda cell: (cell in _OTHER_CELLS, cell))
    for cell in order:
        names = {}
        for each in LANGUAGES:
            with translation.override(each):
                names[each] = presentation.place_name(cell)
        yield {"province": cell, "province_name": names, "signature_count": cells[cell]}


def _official_count(petition: Petition) -> dict[str, Any] | None:
    """What the House's page showed last; never added to a count of this site."""
    count = next(iter(petition.official_counts.all()), None)
    if count is None:
        return None
    return {"number": count.number, "seen_on": _day(count.seen_on), "source": count.source}


def _clauses(petition: Petition, kind: Clause.Kind) -> list[InThree]:
    return [_in_three(each, "text") for each in petition.clauses.all() if each.kind == kind]


def _response(petition: Petition) -> dict[str, Any] | None:
    outcome = _outcome(petition)
    summary = _in_three(petition, "response_summary")
    if outcome.response_on is None and not any(summary.values()):
        return None
    return {
        "minister": outcome.response_minister or None,
        "summary": summary,
        "caution": _in_three(petition, "response_caution"),
    }


def _pages(petition: Petition) -> dict[str, str]:
    pages = {}
    for each in LANGUAGES:
        with translation.override(each):
            pages[each] = presentation.absolute(reverse("petitions:detail", args=[petition.slug]))
    return pages


def _house_pages(petition: Petition) -> dict[str, str] | None:
    number = petition.house_number
    if not number:
        return None
    return {each: official.house_url(number, each) for each in official.HOUSE_LANGUAGES}


def _instant(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
