"""What a briefing says, in the language of the Member: one content for the page and the paper."""

import re
from datetime import date, timedelta
from io import BytesIO
from math import ceil
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext

from campaign.parliament import typesetting
from campaign.parliament.domain.briefings import facts, in_language
from campaign.parliament.models import Briefing
from petitions import clock, formats
from petitions.models import Member
from petitions.presentation import absolute

#: These say "territory" of themselves.
_TERRITORIES = frozenset(["NT", "NU", "YT"])
_STRONG = re.compile(r"\*\*(.+?)\*\*")


def render(briefing: Briefing) -> bytes:
    """The PDF: Letter, one page. The same briefing gives the same page, whenever it is asked for.

    (Its numbers are stored; ask and facts are those of the petition now.)
    """
    return typesetting.compile("brief", sheet(briefing), made_at=briefing.as_of)


def filename(briefing: Briefing) -> str:
    """briefing-levis-lotbiniere-2026-11-24-fr.pdf"""
    riding = str(getattr(briefing.member.riding, f"name_{briefing.language}"))
    day = briefing.as_of.astimezone(clock.TORONTO)
    # An em dash parts the names of places in a riding's name; slugify would drop it.
    return f"briefing-{slugify(riding.replace('—', '-'))}-{day:%Y-%m-%d}-{briefing.language}.pdf"


def sheet(briefing: Briefing) -> dict[str, Any]:
    """Every word of the page. Texts marked **so** are cut into runs: {"text", "strong"}."""
    with translation.override(briefing.language):
        return {
            "language": briefing.language,
            **_head(briefing),
            **_numbers(briefing),
            **_reasons(briefing),
            **_options(briefing),
            **_foot(briefing),
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


def _head(briefing: Briefing) -> dict[str, Any]:
    member, language = briefing.member, briefing.language
    name = f"{member.honorific} {member.name}".strip()
    return {
        "title": gettext("Briefing note for %(name)s: %(petition)s")
        % {"name": name, "petition": in_language(briefing.petition, "title", language)},
        "author": settings.ORGANIZER_NAME or gettext("the campaign team"),
        # The name is put between runs, so that asterisks in it stay what they are.
        "addressee": _around(gettext("**For:** %(name)s, MP"), "%(name)s", name),
        "riding": _riding(member, language),
        "kind": gettext("Briefing note"),
        "date": formats.long_date(briefing.as_of),
        "ask_heading": gettext("What we ask of you"),
        "ask": in_language(briefing.petition, "ask", language),
    }


def _around(text: str, place: str, value: str) -> list[dict[str, Any]]:
    """Runs of a text with a value in its place."""
    before, _place, after = text.partition(place)
    return [*_runs(before), {"text": value, "strong": False}, *_runs(after)]


# --- numbers ---------------------------------------------------------------------------------


def _numbers(briefing: Briefing) -> dict[str, Any]:
    known = briefing.numbers
    left = days_left(briefing)
    figures = [(known["total"], _total_label(briefing))]
    if "province" in known:
        figures.append((known["province"], _province_label(briefing.member.riding.province)))
    if "riding" in known:
        figures.append((known["riding"], gettext("in your riding, estimated from postal codes")))
    if "last_week" in known:
        figures.append((known["last_week"], gettext("in the last 7 full days")))
    if left:
        figures.append((left, _left_label(briefing, left)))
    return {
        "numbers": [
            {"figure": formats.number(number), "label": label} for number, label in figures
        ],
        "as_of": _as_of(briefing),
    }


def _total_label(briefing: Briefing) -> str:
    total, goal = briefing.numbers["total"], briefing.petition.threshold
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


def days_left(briefing: Briefing) -> int:
    """Days in which one could still sign at the briefing's instant, the last one whole."""
    closes = briefing.petition.closes_at
    if closes is None:
        return 0
    return max(0, ceil((closes - briefing.as_of) / timedelta(days=1)))


def _left_label(briefing: Briefing, left: int) -> str:
    text = ngettext("day left to sign, until %(date)s", "days left to sign, until %(date)s", left)
    return text % {"date": formats.long_date(briefing.petition.closes_at or briefing.as_of)}


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


def _reasons(briefing: Briefing) -> dict[str, Any]:
    return {
        "why_heading": gettext("Why now"),
        "facts": [
            {
                "text": _runs(in_language(fact, "text", briefing.language)),
                "source": f"[{fact.source}]" if fact.source else "",
            }
            for fact in facts(briefing.petition)
        ],
    }


def _options(briefing: Briefing) -> dict[str, Any]:
    """What any Member can do; the words of the House's own practice."""
    options = [
        _question(briefing),
        gettext("**Propose a committee study** of human rights in Cambodia."),
        gettext("**Make a member's statement** in the House."),
        gettext("**Authorize** the publication of a new e-petition. This is not an endorsement."),
    ]
    return {
        "options_heading": gettext("What you can do: one of these is enough"),
        "options": [_runs(option) for option in options],
    }


def _question(briefing: Briefing) -> str:
    """Of the petition that this one follows, an answer is known to exist."""
    before = briefing.petition.follows
    if before is None or not before.house_number:
        return gettext("**Ask a written question** about what the government has done.")
    text = gettext(
        "**Ask a written question** about what the government has done since its response to "
        "petition %(number)s."
    )
    return text % {"number": before.house_number}


def _foot(briefing: Briefing) -> dict[str, Any]:
    petition = briefing.petition
    url = absolute(reverse("petitions:detail", args=[petition.slug]))
    return {
        "who_heading": gettext("Who we are"),
        "who": _who(briefing),
        "contact": _around(
            gettext("**Contact:** %(organizer)s"),
            "%(organizer)s",
            settings.ORGANIZER_NAME or gettext("the campaign team"),
        ),
        "email": settings.CONTACT_EMAIL,
        "petition": _petition_line(briefing),
        "url": url,
        "url_text": url.partition("://")[2].rstrip("/"),
        "qr": qr_code(url),
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


def _petition_line(briefing: Briefing) -> str:
    title = in_language(briefing.petition, "title", briefing.language)
    number = briefing.petition.house_number
    return f"{title} ({number})" if number else title


def qr_code(url: str) -> str:
    """Black on white with its quiet zone of four modules, as SVG."""
    picture = BytesIO()
    segno.make(url, error="m", micro=False).save(
        picture, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False
    )
    return picture.getvalue().decode()
