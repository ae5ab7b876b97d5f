"""What pages and `count.json` say of a petition, in the active language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from petitions import clock, formats, licence, outcomes
from petitions.domain import milestones, official, paper
from petitions.models import Petition, Tally
from petitions.states import PUBLIC, PetitionKind, PetitionState

#: Below this the page invites to be among the first instead of showing an empty bar.
FEW = 5
#: From here on the last day is named, in bold and without a countdown.
LAST_DAYS = 3


def is_taking_signatures(petition: Petition) -> bool:
    """For showing the button; whether one is taken is decided by the database at the submit."""
    return petition.paused_at is None and state_by_clock(petition) == PetitionState.OPEN


def state_by_clock(petition: Petition) -> PetitionState:
    """The state that is true at this instant, also while the column lags behind the clock."""
    state = PetitionState(petition.state)
    over = petition.closes_at is not None and petition.closes_at <= clock.display_now()
    return PetitionState.CLOSED if state == PetitionState.OPEN and over else state


def is_paused(petition: Petition) -> bool:
    """Whether signing rests for now: a petition that has closed meanwhile is closed."""
    return petition.paused_at is not None and state_by_clock(petition) == PetitionState.OPEN


def state_label(petition: Petition) -> str:
    """The public name of the state."""
    if is_paused(petition):
        return gettext("Signing is paused")
    return str(state_by_clock(petition).label)


def absolute(path: str) -> str:
    return f"{settings.PETITIONS_PUBLIC_BASE_URL}{path}"


def row(petition: Petition) -> dict[str, Any]:
    """A petition in a list, as `components/petition_row.html` shows it."""
    return {
        "petition": petition,
        "state_label": state_label(petition),
        "is_open": is_taking_signatures(petition),
        "counter": counter(petition),
    }


@dataclass(frozen=True)
class _Count:
    """The number shown and what can be said of it."""

    petition: Petition
    total: int

    @property
    def left_to_goal(self) -> int:
        return max(0, self.petition.threshold - self.total)

    def mark(self) -> int:
        """The end of the bar: the threshold, or past it the next mark of the ladder."""
        return milestones.next_mark(self.total, self.petition.threshold)

    def days_left(self) -> int:
        closes = self.petition.closes_at
        if closes is None:
            return 0
        return max(0, ceil((closes - clock.display_now()) / timedelta(days=1)))


def _tally(petition: Petition) -> Tally | None:
    """The stored figures, as loaded with the petition where a page shows many."""
    tally: Tally | None = getattr(petition, "tally", None)
    return tally


def counter(petition: Petition, total: int | None = None) -> dict[str, Any] | None:
    """The counter card's content (`components/counter.html`); None for a record.

    `total` overrides the stored one, for the page that follows a confirmation.
    """
    if petition.kind == PetitionKind.RECORD:
        return None
    tally = _tally(petition) or Tally(petition=petition)
    count = _Count(petition, tally.total if total is None else total)
    is_open = is_taking_signatures(petition)
    mark = count.mark()
    return {
        "confirmed": count.total,
        "confirmed_text": formats.number(count.total),
        "threshold": petition.threshold,
        "threshold_text": formats.number(petition.threshold),
        "percent_max": mark,
        "ticks": [
            round(1000 * tick / mark)
            for tick in milestones.marks(petition.threshold)
            if tick < mark
        ],
        "state": _counter_state(count, is_open=is_open),
        "to_go_text": _to_go_text(count) if is_open else "",
        "left_text": _left_text(count, is_open=is_open),
        "reached_text": _reached_text(count, is_open=is_open),
        "as_of_text": outcomes.final_text(petition) or _as_of_text(tally),
        "final_text": _final_text(petition),
        "sign_url": reverse("petitions:sign", args=[petition.slug]) if is_open else "",
        "count_url": reverse("links:count", args=[petition.slug]) + f"?lang={formats.current()}",
    }


def _counter_state(count: _Count, *, is_open: bool) -> str:
    if not is_open:
        return "closed"
    if not count.left_to_goal:
        return "reached"
    if count.total < FEW:
        return "few"
    return "last_days" if count.days_left() <= LAST_DAYS else "open"


def _to_go_text(count: _Count) -> str:
    if not count.left_to_goal:
        return ""
    return ngettext("%(number)s to go", "%(number)s to go", count.left_to_goal) % {
        "number": formats.number(count.left_to_goal)
    }


def _left_text(count: _Count, *, is_open: bool) -> str:
    if not is_open:
        return ""
    parts = [text] if (text := _to_go_text(count)) else []
    days = count.days_left()
    closes = count.petition.closes_at
    if days <= LAST_DAYS and closes:
        parts.append(
            gettext("closes on %(date)s, %(time)s")
            % {"date": formats.long_date(closes), "time": formats.clock_time(closes)}
        )
    else:
        parts.append(
            ngettext("%(number)s day left", "%(number)s days left", days)
            % {"number": formats.number(days)}
        )
    return f"{formats.NBSP}· ".join(parts)


def _reached_text(count: _Count, *, is_open: bool) -> str:
    """The crossing of the threshold, kept also when the count has fallen below it since."""
    threshold = count.petition.threshold
    first = next((row for row in count.petition.milestones.all() if row.number == threshold), None)
    if first is None:
        return ""
    text = gettext("Goal of %(goal)s reached on %(date)s.") % {
        "goal": formats.number(count.petition.threshold),
        "date": formats.long_date(first.reached_at),
    }
    if is_open and not count.left_to_goal:
        text += " " + gettext("More names still count. Next mark: %(mark)s") % {
            "mark": formats.number(count.mark())
        }
    return text


def _as_of_text(tally: Tally) -> str:
    if tally.as_of is None:
        return ""
    return gettext("As of %(time)s") % {"time": formats.clock_time(tally.as_of)}


def _final_text(petition: Petition) -> str:
    """Between closing and the end of the grace: the number may still move."""
    final = petition.final_at
    if final is None or is_taking_signatures(petition) or clock.display_now() >= final:
        return ""
    if petition.state not in {PetitionState.OPEN, PetitionState.CLOSED} or petition.paused_at:
        return ""
    return gettext("The count is final on %(date)s, %(time)s") % {
        "date": formats.long_date(final),
        "time": formats.clock_time(final),
    }


def paper_text(petition: Petition) -> str:
    """How many more signed in ink: told beside the total, and never added to it."""
    number = paper.accepted_total(petition)
    if not number:
        return ""
    return ngettext("%(number)s more on paper", "%(number)s more on paper", number) % {
        "number": formats.number(number)
    }


def count_json(petition: Petition) -> dict[str, Any]:
    """The public contract of `count.json`; the `_text` keys are in the asked language."""
    card = counter(petition) or {}
    tally = _tally(petition)
    return {
        "confirmed": card.get("confirmed"),
        "paper": paper.accepted_total(petition),
        "threshold": petition.threshold,
        "as_of": tally.as_of.isoformat() if tally and tally.as_of else None,
        "status": state_by_clock(petition),
        "paused": petition.paused_at is not None,
        "closes_at": petition.closes_at.isoformat() if petition.closes_at else None,
        "confirmed_text": card.get("confirmed_text", ""),
        "left_text": card.get("left_text", ""),
        "as_of_text": card.get("as_of_text", ""),
        "percent_max": card.get("percent_max", petition.threshold),
        **licence.fields(petition),
    }


def share(petition: Petition, *, first: str = "facebook") -> dict[str, Any]:
    """A petition to pass on; `first` is the kind that leads the list."""
    path = reverse("petitions:detail", args=[petition.slug])
    title = petition.title
    if is_taking_signatures(petition):
        title = gettext("Sign the petition: %(title)s") % {"title": title}
    return share_page(path, petition.share_text or petition.title, first=first) | {
        "title": title,
        "more": _more_ways(petition),
    }


def share_page(path: str, words: str, *, first: str = "facebook") -> dict[str, Any]:
    """Plain links that work without scripts; never a token or a person's id in the address."""

    def address(source: str) -> str:
        return quote(absolute(f"{path}?s={source}"), safe="")

    links = _share_links(quote(words, safe=""), address)
    return {
        "url": absolute(path),
        "text": words,
        "links": sorted(links, key=lambda link: link["kind"] != first),
    }


def _more_ways(petition: Petition) -> str:
    """The page of ready texts, posters and codes; "" of a record, which nobody signs here."""
    is_record = petition.kind == PetitionKind.RECORD
    return "" if is_record else reverse("petitions:share", args=[petition.slug])


def _share_links(text: str, address: Callable[[str], str]) -> list[dict[str, Any]]:
    return [
        {
            "kind": "facebook",
            "label": "Facebook",
            "url": f"https://www.facebook.com/sharer/sharer.php?u={address('fb')}",
        },
        {
            "kind": "whatsapp",
            "label": "WhatsApp",
            "url": f"https://wa.me/?text={text}%20{address('wa')}",
        },
        {
            "kind": "telegram",
            "label": "Telegram",
            "url": f"https://t.me/share/url?url={address('tg')}&text={text}",
        },
        {
            "kind": "messenger",
            "phone_only": True,
            "label": "Messenger",
            "url": f"fb-messenger://share/?link={address('me')}",
        },
        {
            "kind": "email",
            "label": gettext("E-mail"),
            "url": f"mailto:?subject={text}&body={text}%0A{address('mail')}",
        },
        {
            "kind": "sms",
            "phone_only": True,
            "label": "SMS",
            "url": f"sms:?&body={text}%20{address('sms')}",
        },
    ]


def official_petition(petition: Petition) -> dict[str, Any] | None:
    """The official e-petition beside this one: the way to it, and what its page showed last."""
    number = petition.house_number
    if not number:
        return None
    language = official.house_language(formats.current())
    return {
        "number": number,
        "url": official.house_url(number, language),
        "others": [
            {"code": each, "url": official.house_url(number, each)}
            for each in official.HOUSE_LANGUAGES
            if each != language
        ],
        "leads": petition.kind == PetitionKind.COMPANION
        and state_by_clock(petition) in {PetitionState.SCHEDULED, PetitionState.OPEN},
        "count_text": _official_count_text(petition),
    }


def _official_count_text(petition: Petition) -> str:
    """The House's count stands apart, with its day and source: it is added to none of ours."""
    count = petition.official_counts.first()
    if count is None:
        return ""
    return ngettext(
        "On the House of Commons site: %(number)s signature, seen on %(date)s (%(source)s)",
        "On the House of Commons site: %(number)s signatures, seen on %(date)s (%(source)s)",
        count.number,
    ) % {
        "number": formats.number(count.number),
        "date": formats.long_date(count.seen_on),
        "source": official.source_text(count),
    }


def timeline(petition: Petition) -> list[dict[str, Any]]:
    """What has happened, newest first: public steps and marks reached, without pauses."""
    public_steps = PUBLIC - {PetitionState.SCHEDULED}
    steps = petition.events.filter(to_state__in=public_steps).exclude(from_state=F("to_state"))
    entries: list[dict[str, Any]] = [
        {
            "at": event.happened_at,
            "number": 0,
            "text": str(PetitionState(event.to_state).label),
            "detail": outcomes.step_detail(petition, event),
        }
        for event in steps
    ]
    entries += [
        {
            "at": milestone.reached_at,
            "number": milestone.number,
            "text": gettext("%(number)s signatures confirmed")
            % {"number": formats.number(milestone.number)},
        }
        for milestone in petition.milestones.all()
    ]
    entries.sort(key=lambda entry: (entry["at"], entry["number"]), reverse=True)
    return [{**entry, "date": formats.long_date(entry["at"])} for entry in entries]


def provinces(petition: Petition) -> dict[str, Any] | None:
    """The table by province as of its day, with bar lengths in per-mille; None when too few."""
    tally = _tally(petition)
    if tally is None or not tally.provinces or tally.provinces_day is None:
        return None
    largest = max(tally.provinces.values())
    rows = [
        {
            "name": place_name(cell),
            "number": formats.number(number),
            "length": round(1000 * number / largest),
        }
        for cell, number in sorted(
            tally.provinces.items(), key=lambda item: (item[0] == "other", -item[1])
        )
    ]
    return {"rows": rows, "date": formats.long_date(tally.provinces_day)}


def place_name(cell: str) -> str:
    """The name of a cell of the table by province."""
    names = {
        "abroad": gettext("Outside Canada"),
        "other": gettext("Other places, and changes under 5"),
    }
    return names.get(cell) or formats.province(cell)
