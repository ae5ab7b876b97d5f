"""The desk's sentences: the answer first, then each figure in words."""

from typing import Any

from django.utils.translation import gettext, ngettext

from campaign.dashboard.queries import PACE_DAYS, Overview
from petitions import formats
from petitions.domain.bounces import Refused
from petitions.states import PetitionState


def answer(figures: Overview) -> str:
    """Will the threshold be reached? One sentence that a tired person understands."""
    petition = figures.petition
    first = petition.milestones.filter(number=petition.threshold).first()
    if first is not None:
        return gettext("Yes: reached on %(date)s.") % {"date": formats.long_date(first.reached_at)}
    if petition.state in {PetitionState.DRAFT, PetitionState.IN_TRANSLATION}:
        return gettext("It is not open yet.")
    if not figures.days_left or petition.closes_at is None:
        return gettext("It is not open now: %(number)s confirmed.") % {
            "number": formats.number(figures.confirmed)
        }
    if figures.forecast is None:
        return gettext("Too early to say: seven full days are needed.")
    text = (
        gettext("Yes, at this pace: %(number)s by %(date)s.")
        if figures.forecast >= petition.threshold
        else gettext("Not at this pace: %(number)s by %(date)s.")
    )
    return text % {
        "number": formats.number(figures.forecast),
        "date": formats.long_date(petition.closes_at),
    }


def tiles(figures: Overview) -> list[dict[str, Any]]:
    """Four tiles: a label, the figure, a line beneath, and what the figure means."""
    return [
        {
            "label": gettext("Confirmed"),
            "figure": formats.number(figures.confirmed),
            "below": gettext("of %(goal)s") % {"goal": formats.number(figures.petition.threshold)},
            "meaning": gettext("Confirmed by e-mail and not held for review."),
        },
        _last_week_tile(figures),
        _needed_tile(figures),
        {
            "label": gettext("Waiting to confirm"),
            "figure": formats.number(figures.pending),
            "below": _bounced_text(figures),
            "meaning": gettext("Sent the form, and have not pressed the button in the e-mail yet."),
        },
    ]


def _last_week_tile(figures: Overview) -> dict[str, Any]:
    below = gettext("not enough days yet")
    if figures.pace is not None:
        below = gettext("%(pace)s a day") % {"pace": formats.decimal(figures.pace)}
    return {
        "label": gettext("Last 7 days"),
        "figure": "–" if figures.last_week is None else formats.number(figures.last_week),
        "below": below,
        "change": figures.change,
        "change_text": _change_text(figures),
        "meaning": gettext("Confirmed on the last seven full days, Toronto time."),
    }


def _change_text(figures: Overview) -> str:
    if figures.change is None:
        return ""
    sign = "▲" if figures.change >= 0 else "▼"
    return gettext("%(sign)s %(percent)s on the week before") % {
        "sign": sign,
        "percent": formats.percent(abs(figures.change)),
    }


def _needed_tile(figures: Overview) -> dict[str, Any]:
    needed = figures.needed_a_day
    days = round(figures.days_left)
    below = gettext("nothing more")
    if needed is not None:
        below = ngettext("a day for %(days)s day", "a day for %(days)s days", days) % {
            "days": formats.number(days)
        }
    return {
        "label": gettext("Needed"),
        "figure": "0" if needed is None else formats.decimal(needed),
        "below": below,
        "meaning": gettext("What is still to go, divided by the days left."),
    }


def _bounced_text(figures: Overview) -> str:
    if not figures.bounced:
        return ""
    return ngettext(
        "%(number)s address refused by its mail server",
        "%(number)s addresses refused by their mail servers",
        figures.bounced,
    ) % {"number": formats.number(figures.bounced)}


def refused_text(mails: Refused) -> str:
    """The alarm when many mails did not arrive; "" otherwise."""
    if not mails.is_alarming:
        return ""
    return gettext(
        "Mail servers refused %(share)s of the e-mails of the last seven days (%(refused)s of "
        "%(mails)s). Tell whoever runs this server: other servers may stop taking our mail."
    ) % {
        "share": formats.percent(mails.share),
        "refused": formats.number(mails.refused),
        "mails": formats.number(mails.mails),
    }


def pace_text(figures: Overview) -> str:
    """The dashed line in words, under the chart."""
    if figures.forecast is None:
        return gettext("No forecast before seven full days (%(days)s days make a pace).") % {
            "days": formats.number(PACE_DAYS)
        }
    return gettext("at this pace: %(number)s") % {"number": formats.number(figures.forecast)}
