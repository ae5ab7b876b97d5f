"""What the desk says of the steps after a petition's closing, before anybody takes them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from campaign.accounts.models import User
from campaign.accounts.roles import Permission
from petitions import clock, formats, outcomes
from petitions.domain import counting
from petitions.domain.sitting import response_due
from petitions.models import Outcome, Petition, Signature
from petitions.states import PetitionKind, PetitionState, SignatureState

_P = PetitionState


def of_certifying(petition: Petition) -> list[str]:
    return [
        *_of_the_count(petition),
        gettext("The page says that the petition is certified, with this total and today’s date."),
        gettext(
            "A certificate can be printed in English and French. It is the campaign’s own, and "
            "says that it is not that of the Clerk of Petitions."
        ),
        mailed_to(),
    ]


def of_declining(petition: Petition) -> list[str]:
    return [
        *_of_the_count(petition),
        gettext("The page says that the petition is not certified. It goes no further."),
        mailed_to(),
    ]


def _of_the_count(petition: Petition) -> list[str]:
    number = counting.exact_total(petition)
    sentences = [
        ngettext(
            "%(number)s confirmed signature counts now. The goal is %(goal)s.",
            "%(number)s confirmed signatures count now. The goal is %(goal)s.",
            number,
        )
        % {"number": formats.number(number), "goal": formats.number(petition.threshold)},
        gettext(
            "The total is counted once more and then never changes, also when somebody withdraws."
        ),
    ]
    rows = Signature.objects.filter(petition=petition, state=SignatureState.CONFIRMED)
    held = rows.filter(held_at__isnull=False).count()
    if held:
        sentences.append(
            ngettext(
                "%(number)s signature is held for review, and would not be counted.",
                "%(number)s signatures are held for review, and would not be counted.",
                held,
            )
            % {"number": formats.number(held)}
        )
    return sentences


def mailed_to() -> str:
    return gettext("The petitioner, the supporters and those who asked for news are mailed.")


def of_presenting(_petition: Petition) -> list[str]:
    return [
        gettext("The page says when the petition was presented, and with which number."),
        gettext(
            "The Member is named only where the box is ticked, or where the Member agreed to it "
            "when authorizing the petition."
        ),
        gettext(
            "The government then has 45 days. When the last of them is no sitting day, the "
            "response is due on the next one in the calendar."
        ),
        mailed_to(),
    ]


def of_response(_petition: Petition) -> list[str]:
    return [
        gettext("The summary is shown on the page, with the files to download."),
        gettext("It is final: text and day cannot be changed here. A missing file can be added."),
        mailed_to(),
    ]


def of_dissolution(petitions: list[Petition]) -> list[str]:
    number = len(petitions)
    return [
        ngettext(
            "%(number)s petition ends, and cannot be brought back.",
            "%(number)s petitions end, and cannot be brought back.",
            number,
        )
        % {"number": formats.number(number)},
        gettext("Open ones close at once. Links mailed before confirm for 24 hours more."),
        gettext("What was public stays public, and says why it ended. The rest stays unseen."),
        mailed_to(),
    ]


def due(petition: Petition) -> str:
    """By when the response is due, and what is missing to know it."""
    found = response_due(petition)
    if found is None:
        return ""
    text = outcomes.due_text(found)
    if found.is_sure:
        return text
    missing = gettext(
        "The calendar has no sitting day at or after the 45th day: until it has, nobody is told "
        "that the response is overdue."
    )
    return f"{text} {missing}"


def steps(petition: Petition, user: User) -> list[dict[str, Any]]:
    """What may be done by hand after the certificate: a sentence and a button each."""
    if petition.kind == PetitionKind.RECORD or not user.may(Permission.MOVE_PETITIONS):
        return []
    address = petition.slug
    if petition.state == _P.CERTIFIED:
        return [
            {
                "text": gettext("A Member has presented it in the House."),
                "label": gettext("Record the presentation"),
                "url": reverse("desk:presentation", args=[address]),
            }
        ]
    if petition.state in {_P.PRESENTED, _P.RESPONSE_OVERDUE}:
        return [
            {
                "text": gettext("The government has tabled its response."),
                "label": gettext("Record the response"),
                "url": reverse("desk:response", args=[address]),
            },
            *_calendar(petition),
        ]
    if petition.state == _P.RESPONSE_TABLED and petition.response_files.count() < _HOUSE_FILES:
        return [
            {
                "text": gettext("The response in English or French is not on the page yet."),
                "label": gettext("Add a file"),
                "url": reverse("desk:response", args=[address]),
            }
        ]
    return []


#: The House gives a response in its two languages.
_HOUSE_FILES = 2


def _calendar(petition: Petition) -> list[dict[str, Any]]:
    found = response_due(petition)
    if found is None or found.is_sure:
        return []
    return [
        {
            "text": gettext("The calendar does not tell yet when the response is due."),
            "label": gettext("Sitting days"),
            "url": reverse("desk:calendar"),
        }
    ]


def facts(petition: Petition) -> list[dict[str, str]]:
    """What is recorded of the petition after its closing, for the desk's page of it."""
    outcome = Outcome.objects.filter(petition=petition).first()
    if outcome is None:
        return []
    found = []
    if outcome.certified_at is not None:
        found.append((gettext("Final count"), _final_count(outcome)))
    if outcome.presented_on is not None:
        member = outcome.presented_by
        name = str(member) if member else outcome.presenter_name
        text = f"{formats.long_date(outcome.presented_on)}, {petition.parliamentary_number}"
        found.append((gettext("Presented"), f"{text}, {name}" if name else text))
    if petition.state in {_P.PRESENTED, _P.RESPONSE_OVERDUE}:
        found.append((gettext("Response due"), due(petition)))
    if outcome.response_on is not None:
        text = f"{formats.long_date(outcome.response_on)}, {outcome.response_minister}"
        found.append((gettext("Response"), text.rstrip(", ")))
    return [{"name": name, "text": text} for name, text in found]


def _final_count(outcome: Outcome) -> str:
    return gettext("%(number)s, counted on %(date)s") % {
        "number": formats.number(outcome.certified_total or 0),
        "date": formats.long_date(outcome.certified_at or clock.display_now()),
    }
