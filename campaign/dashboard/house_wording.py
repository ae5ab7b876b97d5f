"""What the desk and the petitioner read of the House's steps: who was asked, who answered."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from campaign.accounts.models import User
from campaign.accounts.roles import Permission
from petitions import formats
from petitions.domain import authorizing
from petitions.models import MPRequest, Petition
from petitions.models.house import MEMBERS_AT_MOST, SUPPORTERS_NEEDED
from petitions.states import MPRequestState, PetitionState, SupporterState

_P = PetitionState

#: States of the House's way that the campaign's own short way leaves out.
STEPS = frozenset({_P.GATHERING_SUPPORTERS, _P.AWAITING_MP, _P.IN_EXAMINATION})


def panel(petition: Petition, user: User) -> list[dict[str, Any]]:
    """Each step with where it stands, and the page where it is taken; empty on the short way."""
    is_on_the_way = petition.state in STEPS or petition.supporters.exists()
    if not is_on_the_way:
        return []
    lines = [_line(_supporters(petition))]
    if petition.state == _P.AWAITING_MP or petition.mp_requests.exists():
        url = reverse("desk:member", args=[petition.slug])
        may = user.may(Permission.MOVE_PETITIONS)
        is_now = petition.state == _P.AWAITING_MP
        label = gettext("Ask a Member") if _may_ask(petition) else gettext("Requests to Members")
        lines.append(_line(_member(petition), url if may else "", label, is_now=is_now))
    if petition.state == _P.IN_EXAMINATION or petition.examinations.exists():
        url = reverse("desk:examination", args=[petition.slug])
        may = user.may(Permission.EXAMINE_PETITIONS)
        is_now = petition.state == _P.IN_EXAMINATION
        label = gettext("Examine") if is_now else gettext("Examination")
        lines.append(_line(_examination(petition), url if may else "", label, is_now=is_now))
    return lines


def _line(text: str, url: str = "", label: str = "", *, is_now: bool = False) -> dict[str, Any]:
    return {"text": text, "url": url, "label": label, "is_now": is_now}


def _supporters(petition: Petition) -> str:
    rows = petition.supporters.exclude(state=SupporterState.CANCELLED)
    asked = rows.count()
    number = rows.filter(state=SupporterState.SUPPORTED).count()
    if not asked:
        return gettext("Supporters are asked by the petitioner.")
    return ngettext(
        "%(asked)s person has been asked; %(number)s of %(needed)s support it.",
        "%(asked)s people have been asked; %(number)s of %(needed)s support it.",
        asked,
    ) % {
        "asked": formats.number(asked),
        "number": formats.number(number),
        "needed": formats.number(SUPPORTERS_NEEDED),
    }


def _may_ask(petition: Petition) -> bool:
    return petition.state == _P.AWAITING_MP and authorizing.waiting(petition) is None


def _member(petition: Petition) -> str:
    asked = authorizing.waiting(petition) if petition.state == _P.AWAITING_MP else None
    if asked is not None:
        return gettext("%(name)s is asked, and may answer until %(day)s.") % {
            "name": asked.member.name,
            "day": formats.long_date(asked.answer_by),
        }
    yes = petition.mp_requests.filter(state=MPRequestState.AUTHORIZED).first()
    if yes is not None:
        return gettext("%(name)s has authorized its publication.") % {"name": yes.member.name}
    return left(petition)


def left(petition: Petition) -> str:
    """How many Members may still be asked."""
    number = MEMBERS_AT_MOST - authorizing.attempts(petition).count()
    if petition.state != _P.AWAITING_MP or number <= 0:
        return gettext("No Member can be asked.")
    return ngettext(
        "%(number)s Member may still be asked, with 30 days to answer.",
        "%(number)s Members may still be asked, one at a time, with 30 days each.",
        number,
    ) % {"number": formats.number(number)}


def _examination(petition: Petition) -> str:
    if petition.state == _P.IN_EXAMINATION:
        return gettext("Its form and content are examined.")
    return gettext("Its form and content have been examined.")


def requests(petition: Petition) -> list[dict[str, Any]]:
    """Every Member asked so far, the last one first."""
    rows = petition.mp_requests.select_related("member__contact", "recorded_by").order_by("-number")
    return [
        {
            "request": row,
            "state": str(MPRequestState(row.state).label),
            "dates": _dates(row),
            "by": str(row.recorded_by or ""),
        }
        for row in rows
    ]


def _dates(row: MPRequest) -> str:
    if row.state == MPRequestState.ASKED:
        return gettext("asked on %(asked)s, answer by %(until)s") % {
            "asked": formats.long_date(row.asked_at),
            "until": formats.long_date(row.answer_by),
        }
    if row.letter_on:
        return gettext("asked on %(asked)s, letter of %(day)s") % {
            "asked": formats.long_date(row.asked_at),
            "day": formats.long_date(row.letter_on),
        }
    return gettext("asked on %(asked)s, ended on %(day)s") % {
        "asked": formats.long_date(row.asked_at),
        "day": formats.long_date(row.answered_at or row.answer_by),
    }
