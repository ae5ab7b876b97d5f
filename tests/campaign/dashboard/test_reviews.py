"""Reviewing held signatures on the desk, and announcing events, without a script."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from petitions.models import EventNetwork, Petition, Review, Signature
from petitions.states import HoldRule, SignatureState
from tests.factories import petitions as make
from tests.factories import reviews
from tests.pages import field_errors, main_text, read, summary, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True
    settings.PETITIONS_EVENT_NETWORKS = []


def _queue(petition: Petition) -> str:
    return f"/desk/petitions/{petition.slug}/review/"


def _group(petition: Petition, rule: str = "trap") -> str:
    return f"{_queue(petition)}{rule}/"


def _hidden(answer: object) -> dict[str, list[str]]:
    """What the page that asks once more would post."""
    posted: dict[str, list[str]] = {}
    for control in read(answer).all("input"):
        name = control.attributes.get("name", "")
        if control.attributes.get("type") == "hidden" and name != "csrfmiddlewaretoken":
            posted.setdefault(name, []).append(control.attributes.get("value", ""))
    return posted


def test_from_the_overview_to_a_decision_and_back(petition: Petition, organizer: Client) -> None:
    for _turn in range(3):
        reviews.held(petition)
    assert "3 signatures are held" in main_text(organizer.get("/desk/"))
    queue = main_text(organizer.get(_queue(petition)))
    assert str(HoldRule.TRAP.label) in queue
    asked = organizer.post(_group(petition), {"act": "accept", "scope": "all"})
    assert "Accept · 3 signatures" in main_text(asked)
    assert not Review.objects.exists()
    done = organizer.post(_group(petition), _hidden(asked))
    assert done["Location"] == _queue(petition)
    assert Signature.objects.counted().count() == 3
    assert "Decided: 3 signatures." in main_text(organizer.get(_queue(petition)))
    batch = Review.objects.first()
    assert batch is not None
    organizer.post(f"{_queue(petition)}undo/{batch.batch}/")
    text = main_text(organizer.get(_queue(petition)))
    assert "Undone: 3 signatures." in text
    assert not Signature.objects.counted().exists()


def test_only_the_ticked_ones_are_decided(petition: Petition, organizer: Client) -> None:
    first, second = reviews.held(petition), reviews.held(petition)
    form = {"act": "reject", "reason": "test", "scope": "ticked", "rows": [str(second.pk)]}
    asked = organizer.post(_group(petition), form)
    assert "Reject · 1 signature" in main_text(asked)
    assert "A test" in main_text(asked)
    organizer.post(_group(petition), _hidden(asked))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (SignatureState.CONFIRMED, SignatureState.REJECTED)


def test_a_number_that_changed_meanwhile_decides_nothing(
    petition: Petition, organizer: Client
) -> None:
    reviews.held(petition)
    asked = organizer.post(_group(petition), {"act": "accept", "scope": "all"})
    reviews.held(petition)
    done = organizer.post(_group(petition), _hidden(asked))
    assert done["Location"] == _group(petition)
    assert "Something has changed meanwhile" in main_text(organizer.get(done["Location"]))
    assert not Signature.objects.counted().exists()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"scope": "all"}, "act"),
        ({"act": "reject", "scope": "all"}, "reason"),
        ({"act": "reject", "reason": "dislike", "scope": "all"}, "reason"),
        ({"act": "accept", "scope": "ticked"}, "scope"),
        ({"act": "accept", "scope": "some"}, "scope"),
        ({"act": "withdraw", "scope": "all"}, "act"),
    ],
)
def test_half_a_form_says_what_is_missing(
    petition: Petition, organizer: Client, form: dict[str, str], field: str
) -> None:
    row = reviews.held(petition)
    answer = organizer.post(_group(petition), form)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert summary(answer)
    row.refresh_from_db()
    assert row.state == SignatureState.CONFIRMED


def test_a_row_of_another_petition_cannot_be_ticked(petition: Petition, organizer: Client) -> None:
    reviews.held(petition)
    other = reviews.held(make.open_petition())
    form = {"act": "accept", "scope": "ticked", "rows": [str(other.pk)], "number": "1"}
    assert organizer.post(_group(petition), form).status_code == 422
    assert not Signature.objects.counted().exists()


def test_what_counts_and_shares_the_mark_can_be_held(petition: Petition, organizer: Client) -> None:
    counted = make.confirmed(petition, email="a@one.ca")
    reviews.held(petition, HoldRule.DOMAIN, email="b@one.ca")
    mark = bytes(counted.mark_domain or b"").hex()
    page = _group(petition, f"domain-{mark}")
    assert "1 signature that counts has this mark too." in main_text(organizer.get(page))
    asked = organizer.post(page, {"act": "hold"})
    assert "Hold · 1 signature" in main_text(asked)
    organizer.post(page, _hidden(asked))
    counted.refresh_from_db()
    assert (counted.is_counted, counted.held_rule) == (False, "staff")


def test_no_name_and_no_address_is_shown_but_a_bursts_domain(
    petition: Petition, organizer: Client
) -> None:
    row = reviews.held(
        petition, HoldRule.DOMAIN, name="Zkvorbelinx", email="xilvo@one.ca", postal_code="V5K 0A1"
    )
    trapped = reviews.held(petition, HoldRule.TRAP, email="brumka@two.ca")
    mark = bytes(row.mark_domain or b"").hex()
    pages = [_queue(petition), _group(petition), _group(petition, f"domain-{mark}")]
    texts = [organizer.get(page).content.decode() for page in pages]
    for secret in ("Zkvorbelinx", "xilvo", "brumka", "V5K", "two.ca", str(trapped.public_id)):
        assert not [text for text in texts if secret in text]
    assert ["one.ca" in text for text in texts] == [False, False, True]


def test_a_group_that_is_gone_leads_to_the_list(petition: Petition, organizer: Client) -> None:
    answer = organizer.get(_group(petition, "hasty"))
    assert answer["Location"] == _queue(petition)


def test_the_signer_reads_that_it_is_looked_at_and_never_why(
    petition: Petition, client: Client
) -> None:
    row = reviews.held(petition, HoldRule.TRAP, language="en")
    token = make.tokens.manage_token(row.public_id, timezone.now())
    text = main_text(client.get(f"/m/{token}"))
    assert "It joins the count after a short check." in text
    assert str(HoldRule.TRAP.label) not in text


# --- events ----------------------------------------------------------------------------------

EVENT = {
    "name": "Temple in Surrey",
    "network": "203.0.113.7",
    "day": "2027-01-10",
    "begins": "18:00",
    "ends": "01:30",
    "ceiling": "៣០០",
}


def test_an_event_into_the_night_is_announced_and_ended(organizer: Client) -> None:
    assert "127.0.0.1" in main_text(organizer.get("/desk/events/"))
    assert organizer.post("/desk/events/", EVENT)["Location"] == "/desk/events/"
    event = EventNetwork.objects.get()
    assert (event.network, event.ceiling) == ("203.0.113.7/32", 300)
    assert event.begins_at.isoformat() == "2027-01-10T23:00:00+00:00"
    assert event.ends_at.isoformat() == "2027-01-11T06:30:00+00:00"
    assert "Temple in Surrey" in main_text(organizer.get("/desk/events/"))
    organizer.post(f"/desk/events/{event.pk}/end/")
    assert not EventNetwork.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("network", "the temple"),
        ("network", "203.0.0.0/16"),
        ("day", "tomorrow"),
        ("begins", "25:00"),
        ("ends", "late"),
        ("ends", "18:00x"),
        ("ceiling", "0"),
        ("ceiling", "20001"),
        ("ceiling", "many"),
    ],
)
def test_a_flawed_event_is_refused_and_kept_as_typed(
    organizer: Client, field: str, value: str
) -> None:
    answer = organizer.post("/desk/events/", {**EVENT, field: value})
    assert answer.status_code == 422
    assert list(field_errors(answer)) == [field]
    assert typed(answer, "event-form")[field] == value
    assert not EventNetwork.objects.exists()


def test_an_event_of_the_past_is_refused(organizer: Client) -> None:
    answer = organizer.post("/desk/events/", {**EVENT, "day": "2020-01-10"})
    assert answer.status_code == 422
    assert "This event is over" in main_text(answer)
