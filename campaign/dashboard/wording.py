"""The desk's sentences: the answer first, then each figure in words."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from campaign.dashboard.filters import Filters
from campaign.dashboard.marks import Mark, MarkKind
from campaign.dashboard.queries import PACE_DAYS, Overview, Spell
from petitions import formats
from petitions.domain import milestones
from petitions.domain.bounces import Refused
from petitions.states import DeliveryKind, PetitionState


@dataclass(frozen=True)
class Tile:
    """A label, the figure, a line beneath, and what the figure means."""

    name: str
    label: str
    figure: str
    below: str
    meaning: str
    change: float | None = None
    change_text: str = ""


def answer(figures: Overview) -> str:
    """Will the threshold be reached? One sentence that a tired person understands."""
    petition = figures.petition
    if figures.crossed_at is not None:
        return gettext("Yes: reached on %(date)s.") % {
            "date": formats.long_date(figures.crossed_at)
        }
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


# --- tiles -----------------------------------------------------------------------------------


def tiles(figures: Overview) -> list[Tile]:
    """What has no rows, such as the goal and paper, has no tile beside chosen rows."""
    found = [_confirmed_tile(figures), _days_tile(figures)]
    if not figures.is_part:
        found.append(_needed_tile(figures))
    found.append(
        Tile(
            "pending",
            gettext("Waiting to confirm"),
            formats.number(figures.pending),
            "" if figures.is_part else _bounced_text(figures),
            gettext("Sent the form, and have not pressed the button in the e-mail yet."),
        )
    )
    if figures.on_paper and not figures.is_part:
        found.append(_paper_tile(figures))
    return found


def _confirmed_tile(figures: Overview) -> Tile:
    below = gettext("of %(goal)s") % {"goal": formats.number(figures.petition.threshold)}
    if figures.is_part:
        below = gettext("of %(number)s in all") % {"number": formats.number(figures.confirmed)}
    return Tile(
        "confirmed",
        gettext("Confirmed"),
        formats.number(figures.part_confirmed),
        below,
        gettext("Confirmed by e-mail and not held for review."),
    )


def _days_tile(figures: Overview) -> Tile:
    """The chosen days; of all days, the last seven full ones."""
    chosen = figures.spell
    if chosen is None:
        return _week_tile(figures.part_week)
    below = gettext("so far")
    if chosen.days > 1:
        below = gettext("%(pace)s a day") % {"pace": formats.decimal(chosen.a_day)}
    return Tile(
        "days",
        days_text(figures.filters),
        formats.number(chosen.counted),
        below,
        gettext("Confirmed on the chosen days, Toronto time."),
        chosen.change,
        _change_text(chosen, gettext("%(sign)s %(percent)s on the days before")),
    )


def _week_tile(week: Spell | None) -> Tile:
    label = gettext("Last 7 days")
    meaning = gettext("Confirmed on the last seven full days, Toronto time.")
    if week is None:
        return Tile("days", label, "–", gettext("not enough days yet"), meaning)
    return Tile(
        "days",
        label,
        formats.number(week.counted),
        gettext("%(pace)s a day") % {"pace": formats.decimal(week.a_day)},
        meaning,
        week.change,
        _change_text(week, gettext("%(sign)s %(percent)s on the week before")),
    )


def _change_text(days: Spell, text: str) -> str:
    if days.change is None:
        return ""
    sign = "▲" if days.change >= 0 else "▼"
    return text % {"sign": sign, "percent": formats.percent(abs(days.change))}


def _needed_tile(figures: Overview) -> Tile:
    needed = figures.needed_a_day
    days = round(figures.days_left)
    below = gettext("nothing more")
    if needed is not None:
        below = ngettext("a day for %(days)s day", "a day for %(days)s days", days) % {
            "days": formats.number(days)
        }
    return Tile(
        "needed",
        gettext("Needed"),
        "0" if needed is None else formats.decimal(needed),
        below,
        gettext("What is still to go, divided by the days left."),
    )


def _paper_tile(figures: Overview) -> Tile:
    return Tile(
        "paper",
        gettext("On paper"),
        formats.number(figures.on_paper),
        gettext("of %(goal)s") % {"goal": formats.number(milestones.PAPER)},
        gettext(
            "Accepted on sheets of paper, and in no other number here. The House takes a petition"
            " on paper from 25 on."
        ),
    )


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


# --- the chart, the filters ------------------------------------------------------------------


def days_text(filters: Filters) -> str:
    """The chosen days."""
    names = {
        "": gettext("All days"),
        "today": gettext("Today"),
        "7": gettext("Last 7 days"),
        "30": gettext("Last 30 days"),
    }
    return names.get(filters.period) or f"{filters.first} – {filters.last}"


def pace_text(figures: Overview) -> str:
    """The dashed line in words, under the chart."""
    if figures.forecast is None:
        return gettext("No forecast before seven full days (%(days)s days make a pace).") % {
            "days": formats.number(PACE_DAYS)
        }
    return gettext("at this pace: %(number)s") % {"number": formats.number(figures.forecast)}


def mark_name(kind: MarkKind) -> str:
    """In the legend."""
    return {
        MarkKind.MILESTONE: gettext("mark reached"),
        MarkKind.MAIL: gettext("mail to many"),
        MarkKind.MEETING: gettext("meeting with a Member"),
        MarkKind.EVENT: gettext("announced event"),
    }[kind]


def mark_text(mark: Mark) -> str:
    """In the table."""
    if mark.kind == MarkKind.MILESTONE:
        return gettext("%(number)s signatures confirmed") % {"number": formats.number(mark.number)}
    if mark.kind == MarkKind.MAIL:
        return ngettext(
            "%(mail)s: to %(number)s person", "%(mail)s: to %(number)s people", mark.number
        ) % {"mail": DeliveryKind(mark.detail).label, "number": formats.number(mark.number)}
    return mark_name(mark.kind)


# --- the way to a signature ------------------------------------------------------------------


def step_name(name: str) -> str:
    return {
        "visited": gettext("Page shown"),
        "started": gettext("Form opened"),
        "submitted": gettext("Form sent"),
        "mailed": gettext("Mail accepted"),
        "confirmed": gettext("Confirmed"),
    }[name]


def step_meaning(name: str) -> str:
    return {
        "visited": gettext(
            "Events, not people, as browsers with JavaScript tell them; nothing tells whose."
        ),
        "started": gettext("The form was shown; told in the same way."),
        "submitted": gettext("The form came complete, also from people who had signed before."),
        "mailed": gettext("The mail left, and the next mail server took it."),
        "confirmed": gettext("The button in the mail was pressed, on whatever day since."),
    }[name]
