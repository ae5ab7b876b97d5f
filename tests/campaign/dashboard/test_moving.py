"""Nothing moves before a page has said what will happen."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaign.accounts.roles import PERMISSIONS, Permission, Role
from campaign.dashboard.petition_wording import offered
from petitions import formats
from petitions.domain import scheduling
from petitions.models import KeySlot, Petition, PetitionEvent
from petitions.states import MOVES, PetitionState
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import field_errors, heading, main_text, read, summary

pytestmark = pytest.mark.django_db
S = PetitionState


def _in(state: PetitionState, **fields: object) -> Petition:
    petition = make.approved(make.open_petition(**fields))
    Petition.objects.filter(pk=petition.pk).update(state=state)
    return Petition.objects.get(pk=petition.pk)


def _path(petition: Petition, to: str) -> str:
    return f"/desk/petitions/{petition.slug}/move/{to}/"


def _pause(petition: Petition) -> str:
    return f"/desk/petitions/{petition.slug}/pause/"


def _state(petition: Petition) -> str:
    return Petition.objects.get(pk=petition.pk).state


@pytest.mark.parametrize("role", Role)
def test_no_role_moves_a_petition_where_the_desk_does_not_offer_it(role: Role) -> None:
    """Every pair of the table, by every role: without the permission nothing is offered."""
    client = people.log_in(people.person(role))
    petition = _in(S.DRAFT)
    for origin, to in ((each, to) for each in S for to in MOVES[each]):
        Petition.objects.update(state=origin)
        petition.refresh_from_db()
        if Permission.MOVE_PETITIONS in PERMISSIONS[role] and to in offered(petition):
            continue
        status = client.post(_path(petition, to), {"reason": "no"}).status_code
        may_move = Permission.MOVE_PETITIONS in PERMISSIONS[role]
        assert status in ({302, 404} if may_move else {403}), (origin, to)
        assert _state(petition) == origin
    assert not PetitionEvent.objects.exists()


def test_opening_at_once_says_so_and_takes_one_press(organizer: Client) -> None:
    petition = _in(S.IN_TRANSLATION, threshold=700)
    page = organizer.get(_path(petition, "scheduled"))
    assert heading(page) == "Open for signature"
    closes = scheduling.closing(timezone.now(), scheduling.days_of(petition) or 0)
    text = main_text(page)
    assert "signing opens at once" in text
    assert f"It closes by itself on {formats.long_date(closes)}" in text
    assert "The goal is 700 confirmed signatures." in text
    assert "cannot be closed early" in text
    assert _state(petition) == S.IN_TRANSLATION

    response = organizer.post(_path(petition, "scheduled"), {"reason": ""})
    assert (response.status_code, response["Location"]) == (
        302,
        f"/desk/petitions/{petition.slug}/",
    )
    assert _state(petition) == S.OPEN
    assert "It takes signatures until" in main_text(organizer.get(response["Location"]))


def test_opening_later_says_when(organizer: Client) -> None:
    opens_at = timezone.now() + timedelta(days=3)
    petition = _in(S.IN_TRANSLATION, opens_at=opens_at, closes_at=opens_at + timedelta(days=30))
    page = organizer.get(_path(petition, "scheduled"))
    assert heading(page) == "Schedule the opening"
    assert f"Signing opens by itself on {formats.long_date(opens_at)}" in main_text(page)
    organizer.post(_path(petition, "scheduled"), {"reason": ""})
    assert _state(petition) == S.SCHEDULED


def test_what_stands_against_it_is_said_before_and_after(organizer: Client) -> None:
    petition = _in(S.IN_TRANSLATION, title_km="")
    KeySlot.objects.update(proved_at=None)
    page = organizer.get(_path(petition, "scheduled"))
    assert [item.text[:19] for item in read(page).one("main").all("li")] == [
        "Title in Khmer is m",
        "The vault has not b",
    ]
    assert not read(page).one("main").all("button")
    response = organizer.post(_path(petition, "scheduled"), {"reason": "Kept"})
    assert response.status_code == 422
    assert summary(response) == [("Title in Khmer is missing.", "")]
    assert read(response).one("textarea").text == "Kept"
    assert _state(petition) == S.IN_TRANSLATION
    assert not PetitionEvent.objects.exists()


@pytest.mark.parametrize(
    ("state", "to"),
    [
        (S.DRAFT, S.IN_TRANSLATION),
        (S.IN_TRANSLATION, S.DRAFT),
        (S.SCHEDULED, S.IN_TRANSLATION),
        (S.DRAFT, S.WITHDRAWN),
        (S.OPEN, S.WITHDRAWN),
    ],
)
def test_a_move_is_done_by_whoever_pressed(state: PetitionState, to: PetitionState) -> None:
    user = people.person(Role.ORGANIZER)
    petition = _in(state)
    response = people.log_in(user).post(_path(petition, to), {"reason": "Said why"})
    assert response.status_code == 302
    event = PetitionEvent.objects.get()
    assert (event.from_state, event.to_state, event.by, event.reason) == (
        state,
        to,
        user,
        "Said why",
    )
    assert _state(petition) == to


@pytest.mark.parametrize(
    ("state", "to"),
    [
        (S.OPEN, "closed"),
        (S.SCHEDULED, "open"),
        (S.DRAFT, "scheduled"),
        (S.DRAFT, "gathering_supporters"),
        (S.CERTIFIED, "presented"),
        (S.IN_TRANSLATION, "closed_on_dissolution"),
        (S.DRAFT, "nonsense"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_offered_is_not_there(
    organizer: Client, state: PetitionState, to: str, method: str
) -> None:
    petition = _in(state)
    assert getattr(organizer, method)(_path(petition, to)).status_code == 404
    assert _state(petition) == state


@pytest.mark.parametrize(
    ("state", "to"), [(S.OPEN, "scheduled"), (S.WITHDRAWN, "withdrawn"), (S.DRAFT, "draft")]
)
def test_a_second_press_leads_to_the_petition(
    organizer: Client, state: PetitionState, to: str
) -> None:
    petition = _in(state)
    response = organizer.post(_path(petition, to), {"reason": "Again"})
    assert (response.status_code, response["Location"]) == (
        302,
        f"/desk/petitions/{petition.slug}/",
    )
    assert not PetitionEvent.objects.exists()


def test_withdrawing_needs_a_reason(organizer: Client, petition: Petition) -> None:
    make.confirmed(petition)
    page = main_text(organizer.get(_path(petition, "withdrawn")))
    assert "This cannot be undone" in page
    assert "1 confirmed signature stays sealed" in page
    response = organizer.post(_path(petition, "withdrawn"), {"reason": "\u200b "})
    assert response.status_code == 422
    assert field_errors(response) == {"reason": ["Enter why, in one sentence"]}
    assert _state(petition) == S.OPEN


def test_withdrawing_an_open_petition_needs_a_fresh_log_in(
    organizer: Client, petition: Petition
) -> None:
    draft = make.draft_petition()
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        looked = organizer.get(_path(petition, "withdrawn"))
        sent = organizer.post(_path(petition, "withdrawn"), {"reason": "Kept words"})
        other = organizer.get(_path(draft, "withdrawn"))
    assert looked.status_code == 302
    assert looked["Location"].startswith("/accounts/reauthenticate/?next=")
    assert sent.status_code == 403
    assert "Your log-in is older than 5 minutes" in main_text(sent)
    assert read(sent).one("textarea").text == "Kept words"
    assert other.status_code == 200
    assert _state(petition) == S.OPEN


# --- pausing ---------------------------------------------------------------------------------


def test_a_pause_is_announced_done_and_ended(organizer: Client, petition: Petition) -> None:
    page = organizer.get(_pause(petition))
    assert heading(page) == "Pause signing"
    assert "days of a pause are not added" in main_text(page)
    organizer.post(_pause(petition), {"act": "pause", "reason": "False names"})
    assert Petition.objects.get().paused_at is not None
    assert "Signing is paused" in Client().get(f"/en/petitions/{petition.slug}/").content.decode()
    assert heading(organizer.get(_pause(petition))) == "Resume signing"
    organizer.post(_pause(petition), {"act": "resume", "reason": ""})
    assert Petition.objects.get().paused_at is None
    reasons = PetitionEvent.objects.order_by("pk").values_list("reason", flat=True)
    assert list(reasons) == ["False names", ""]


def test_a_pause_needs_a_reason(organizer: Client, petition: Petition) -> None:
    response = organizer.post(_pause(petition), {"act": "pause", "reason": ""})
    assert response.status_code == 422
    assert field_errors(response) == {"reason": ["Enter why, in one sentence"]}
    assert Petition.objects.get().paused_at is None


def test_a_press_sent_twice_does_not_undo_itself(organizer: Client, petition: Petition) -> None:
    data = {"act": "pause", "reason": "False names"}
    organizer.post(_pause(petition), data)
    response = organizer.post(_pause(petition), data)
    assert response.status_code == 422
    assert "it is paused already" in main_text(response)
    assert Petition.objects.get().paused_at is not None


@pytest.mark.parametrize("state", [S.DRAFT, S.SCHEDULED, S.CLOSED])
def test_only_an_open_petition_has_the_page(organizer: Client, state: PetitionState) -> None:
    assert organizer.get(_pause(_in(state))).status_code == 404
