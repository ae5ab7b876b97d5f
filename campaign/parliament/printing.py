"""What a briefing says, in the language of the Member: one content for the page and the paper."""

import re
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext

from campaign.parliament import typesetting
from campaign.parliament.domain import brief_texts, statements
from campaign.parliament.models import Briefing, BriefingLanguage
from petitions import clock, formats, qr_codes
from petitions.models import Member
from petitions.presentation import absolute

#: These say "territory" of themselves.
_TERRITORIES = frozenset(["NT", "NU", "YT"])
#: What `brief_texts.content()` gives.
Content = dict[str, Any]

_STRONG = re.compile(r"\*\*(.+?)\*\*")


def render(briefing: Briefing) -> bytes:
    """The PDF: Letter, one page or two. The same briefing gives the same bytes at any time."""
    return typesetting.compile("brief", sheet(briefing), made_at=briefing.as_of)


def filename(briefing: Briefing) -> str:
    """briefing-levis-lotbiniere-2026-11-24-fr.pdf"""
    riding = str(getattr(briefing.member.riding, f"name_{briefing.language}"))
    day = briefing.as_of.astimezone(clock.TORONTO)
    # An em dash parts the names of places in a riding's name; slugify would drop it.
    return f"briefing-{slugify(riding.replace('—', '-'))}-{day:%Y-%m-%d}-{briefing.language}.pdf"


def sheet(briefing: Briefing) -> dict[str, Any]:
    """Every word of the page. Texts marked **so** are cut into runs: {"text", "strong"}."""
    content = briefing.content or brief_texts.content(
        briefing.member, briefing.petition, briefing.language
    )
    with translation.override(briefing.language):
        return {
            "language": briefing.language,
            **_head(briefing, content),
            **_numbers(briefing, content),
            **_reasons(content),
            **_options(content),
            **_foot(briefing, content),
            "second": _second_page(briefing, content) if briefing.pages > 1 else None,
        }


def _runs(text: str) -> list[dict[str, Any]]:
    """Odd pieces stood between the asterisks."""
    pieces = enumerate(_STRONG.split(text))
    return [{"text": piece, "strong": bool(place % 2)} for place, piece in pieces if piece]


def _riding(member: Member, language: str) -> str:
    """The riding and its province in brackets; Nunavut and Yukon are both."""
    riding = str(getattr(member.riding, f"name_{language}") or member.riding.name)
    province = formats.province(member.riding.province)
    return riding if riding == province else f"{riding} ({province})"


def _head(briefing: Briefing, content: Content) -> dict[str, Any]:
    name = content["name"]
    return {
        "title": gettext("Briefing note for %(name)s: %(petition)s")
        % {"name": name, "petition": content["title"]},
        "author": settings.ORGANIZER_NAME or gettext("the campaign team"),
        # The name is put between runs, so that asterisks in it stay what they are.
        "addressee": _around(gettext("**For:** %(name)s, MP"), "%(name)s", name),
        "riding": _riding(briefing.member, briefing.language),
        "kind": gettext("Briefing note"),
        "date": formats.long_date(briefing.as_of),
        "ask_heading": gettext("What we ask of you"),
        "ask": content["ask"][briefing.language],
    }


def _around(text: str, place: str, value: str) -> list[dict[str, Any]]:
    """Runs of a text with a value in its place."""
    before, _place, after = text.partition(place)
    return [*_runs(before), {"text": value, "strong": False}, *_runs(after)]


# --- numbers ---------------------------------------------------------------------------------


def _numbers(briefing: Briefing, content: Content) -> dict[str, Any]:
    known = briefing.numbers
    closes_at = _instant(content["closes_at"])
    left = days_left(briefing.as_of, closes_at)
    figures = [(known["total"], _total_label(known["total"], content["goal"]))]
    if "province" in known:
        figures.append((known["province"], _province_label(briefing.member.riding.province)))
    if "riding" in known:
        figures.append((known["riding"], gettext("in your riding, estimated from postal codes")))
    if "last_week" in known:
        figures.append((known["last_week"], gettext("in the last 7 full days")))
    if left:
        figures.append((left, _left_label(left, closes_at or briefing.as_of)))
    return {
        "numbers": [
            {"figure": formats.number(number), "label": label} for number, label in figures
        ],
        "as_of": _as_of(briefing),
    }


def _total_label(total: int, goal: int) -> str:
    text = (
        ngettext(
            "confirmed signature collected so far, goal %(goal)s",
            "confirmed signatures collected so far, goal %(goal)s",
            total,
        )
        if total < goal
        else ngettext(
            "confirmed signature; the goal of %(goal)s is reached",
            "confirmed signatures; the goal of %(goal)s is reached",
            total,
        )
    )
    return text % {"goal": formats.number(goal)}


def _province_label(code: str) -> str:
    text = (
        gettext("in the territory (%(name)s)")
        if code in _TERRITORIES
        else gettext("in the province (%(name)s)")
    )
    return text % {"name": formats.province(code)}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def days_left(now: datetime, closes_at: datetime | None) -> int:
    """Days in which one can still sign, the last one whole."""
    if closes_at is None:
        return 0
    return max(0, ceil((closes_at - now) / timedelta(days=1)))


def _left_label(left: int, closes_at: datetime) -> str:
    text = ngettext("day left to sign, until %(date)s", "days left to sign, until %(date)s", left)
    return text % {"date": formats.long_date(closes_at)}


def _as_of(briefing: Briefing) -> str:
    known = briefing.numbers
    names = {
        "date": formats.long_date(briefing.as_of),
        "time": formats.clock_time(briefing.as_of),
    }
    text = gettext("All figures as of %(date)s, %(time)s.") % names
    if "places_on" in known:
        day = formats.long_date(date.fromisoformat(known["places_on"]))
        text = gettext("Figures as of %(date)s, %(time)s; by place as of %(day)s.") % {
            **names,
            "day": day,
        }
    if {"province", "riding"} <= known.keys():
        return text
    left_out = gettext("Figures that could point to fewer than 5 people are left out.")
    return f"{text} {left_out}"


# --- words -----------------------------------------------------------------------------------


def _reasons(content: Content) -> dict[str, Any]:
    return {
        "why_heading": gettext("Why now"),
        "facts": [
            {
                "text": _runs(fact["text"]),
                "source": f"[{fact['source']}]" if fact["source"] else "",
            }
            for fact in content["facts"]
        ],
    }


def _options(content: Content) -> dict[str, Any]:
    """What any Member can do; the words of the House's own practice."""
    options = [
        _question(content),
        gettext("**Propose a committee study** of human rights in Cambodia."),
        gettext("**Make a member's statement** in the House."),
        gettext("**Authorize** the publication of a new e-petition. This is not an endorsement."),
    ]
    return {
        "options_heading": gettext("What you can do: one of these is enough"),
        "options": [_runs(option) for option in options],
    }


def _question(content: Content) -> str:
    """Of the petition that this one follows, an answer is known to exist."""
    if not content["follows"]:
        return gettext("**Ask a written question** about what the government has done.")
    text = gettext(
        "**Ask a written question** about what the government has done since its response to "
        "petition %(number)s."
    )
    return text % {"number": content["follows"]}


def _foot(briefing: Briefing, content: Content) -> dict[str, Any]:
    url = absolute(reverse("petitions:detail", args=[briefing.petition.slug]))
    return {
        "who_heading": gettext("Who we are"),
        "who": _who(briefing),
        "contact": _around(
            gettext("**Contact:** %(organizer)s"),
            "%(organizer)s",
            settings.ORGANIZER_NAME or gettext("the campaign team"),
        ),
        "email": settings.CONTACT_EMAIL,
        "petition": _petition_line(content),
        "url": url,
        "url_text": url.partition("://")[2].rstrip("/"),
        "qr": qr_codes.svg(url),
        "qr_text": gettext("QR code of the petition's page"),
        "notice": gettext(
            "Campaign signatures, gathered by a community website; not a House of Commons petition."
        ),
    }


def _who(briefing: Briefing) -> str:
    """Whether signers live in the riding is said only where their number is."""
    if "riding" in briefing.numbers:
        return gettext(
            "Cambodian Canadians and friends. Two or three of us who live in your riding would "
            "be glad to meet you or your staff for 30 minutes."
        )
    return gettext(
        "Cambodian Canadians and friends. Two or three of us would be glad to meet you or your "
        "staff for 30 minutes."
    )


def _petition_line(content: Content) -> str:
    title, number = content["title"], content["number"]
    return f"{title} ({number})" if number else str(title)


# --- the second page -------------------------------------------------------------------------


def _second_page(briefing: Briefing, content: Content) -> dict[str, Any]:
    return {
        "background_heading": gettext("Background"),
        "background": _runs(content["background"]),
        "decided_heading": gettext("What others decided"),
        "decisions": [
            {
                "text": _runs(each["text"]),
                "link": each["source"],
                "link_text": each["source"].partition("://")[2].rstrip("/"),
            }
            for each in content["decisions"]
        ],
        "quotes_heading": gettext("In their own words"),
        "quotes": content.get("quotes", []),
        "quotes_note": gettext("Printed with the consent of the people quoted."),
        "statement_heading": gettext("For presenting a petition: a factual statement"),
        "statements": _statements(briefing, content),
        "statement_note": gettext(
            "To be read out once the Clerk of Petitions has certified a petition, with the number "
            "that the Clerk certified: the one here counts campaign signatures. Debate and "
            "opinions are not in order then."
        ),
    }


def _statements(briefing: Briefing, content: Content) -> list[dict[str, str]]:
    """In the Member's language, then in the other one of the House where it is written and fits."""
    other = next(code for code in BriefingLanguage.values if code != briefing.language)
    found = []
    for language in (briefing.language, other):
        subject, ask = content["subject"][language], content["ask"][language]
        text = statements.statement(
            subject,
            ask,
            language=language,
            total=briefing.numbers["total"],
            riding=briefing.numbers.get("riding"),
        )
        if language == briefing.language or (subject and ask and statements.fits(text)):
            found.append({"language": language, "text": text})
    return found
