"""Proof of work: only a sum that we set for that very form, solved, is taken."""

import json
from base64 import b64encode
from itertools import count
from typing import Any

import pytest
from altcha import create_challenge_v1, hash_hex, hmac_hex
from django.test import Client
from pytest_django import Settings

from petitions import networks
from petitions.domain import proof, tokens
from petitions.models import Petition, Signature
from petitions.states import HoldRule
from tests.factories import petitions as make
from tests.pages import read, summary, typed

TOKEN = "a form token"


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Sums of a hundred numbers, and proofs asked for from the third submit on."""
    monkeypatch.setattr(proof, "MOST", 100)
    monkeypatch.setattr(networks, "PRESSURE", (2, 10))
    settings.PETITIONS_WEB_PROCESSES = 1


def solve(task: str) -> dict[str, Any]:
    """The answer as the browser's script makes it."""
    asked = json.loads(task)
    number = next(
        each
        for each in count()
        if hash_hex("SHA-256", f"{asked['salt']}{each}".encode()) == asked["challenge"]
    )
    names = ("algorithm", "challenge", "salt", "signature")
    return {name: asked[name] for name in names} | {"number": number}


def pack(answer: object) -> str:
    return b64encode(json.dumps(answer).encode()).decode()


# --- the sum ---------------------------------------------------------------------------------


def test_a_solved_sum_holds_for_its_form_and_for_no_other() -> None:
    answer = pack(solve(proof.challenge(TOKEN)))
    assert proof.holds(answer, TOKEN)
    assert not proof.holds(answer, "another form token")


@pytest.mark.parametrize(
    "change",
    [
        {"number": -1},
        {"number": "7"},
        {"number": True},
        {"salt": "00?form=x&"},
        {"challenge": "0" * 64},
        {"signature": "0" * 64},
        {"algorithm": "SHA-1"},
        {"algorithm": None},
    ],
    ids=str,
)
def test_nothing_in_an_answer_may_be_changed(change: dict[str, Any]) -> None:
    assert not proof.holds(pack(solve(proof.challenge(TOKEN)) | change), TOKEN)


@pytest.mark.parametrize(
    "payload", ["", "é", "AAAA", pack([]), pack(7), pack({}), pack("[" * 9), "W1tbW1tb"]
)
def test_what_is_no_answer_at_all_is_not_one(payload: str) -> None:
    assert not proof.holds(payload, TOKEN)


def test_a_sum_that_somebody_else_signed_is_not_ours() -> None:
    digest = proof._digest(TOKEN)
    theirs = create_challenge_v1(max_number=9, hmac_key="theirs", params={"form": digest})
    answer = solve(json.dumps(theirs.to_dict()))
    assert answer["signature"] == hmac_hex("SHA-256", answer["challenge"].encode(), "theirs")
    assert not proof.holds(pack(answer), TOKEN)


# --- the form --------------------------------------------------------------------------------


def _address(petition: Petition) -> str:
    return f"/en/petitions/{petition.slug}/sign/"


def _press(client: Client, petition: Petition, **answers: str) -> Any:
    return client.post(_address(petition), make.form_data(petition, **answers))


def _crowd(client: Client, petition: Petition) -> None:
    """Two have signed from this network: the next is asked for a proof."""
    for number in range(2):
        _press(client, petition, email=f"early{number}@example.org")


def _held(email_number: int = 2) -> str:
    return Signature.objects.order_by("pk")[email_number].held_rule


@pytest.mark.django_db
def test_a_form_in_a_quiet_hour_sets_no_sum(client: Client, petition: Petition) -> None:
    form = read(client.get(_address(petition))).one("form", id="sign-form")
    assert "data-task" not in form.attributes
    assert "altcha" not in typed(client.get(_address(petition)))


@pytest.mark.django_db
def test_who_solves_it_signs_like_anybody(client: Client, petition: Petition) -> None:
    _crowd(client, petition)
    page = client.get(_address(petition))
    task = read(page).one("form", id="sign-form").attributes["data-task"]
    answer = pack(solve(task))

    sent = typed(page) | make.form_data(petition, email="late@example.org")
    token = typed(page)["form_token"]
    response = client.post(_address(petition), sent | {"form_token": token, "altcha": answer})

    assert (response.status_code, _held()) == (303, "")


@pytest.mark.django_db
def test_who_has_no_script_signs_too_and_is_looked_at(client: Client, petition: Petition) -> None:
    _crowd(client, petition)
    page = client.get(_address(petition))
    assert typed(page)["altcha"] == ""

    response = _press(client, petition, email="late@example.org", altcha="")

    assert (response.status_code, _held()) == (303, HoldRule.UNPROVEN)


@pytest.mark.django_db
def test_a_form_shown_before_the_crowd_is_asked_once_more(
    client: Client, petition: Petition
) -> None:
    _crowd(client, petition)

    response = _press(client, petition, name="Sok Dara", email="late@example.org")

    assert response.status_code == 422
    ((said, _field),) = summary(response)
    assert said.startswith("Very many people are signing at this moment.")
    assert typed(response)["name"] == "Sok Dara"
    assert read(response).one("form", id="sign-form").attributes["data-task"]
    assert Signature.objects.count() == 2


@pytest.mark.django_db
def test_one_proof_serves_a_family_and_no_crowd(client: Client, petition: Petition) -> None:
    _crowd(client, petition)
    token = tokens.form_token(petition.public_id, "en")
    answer = pack(solve(proof.challenge(token)))

    for number in range(4):
        _press(client, petition, form_token=token, altcha=answer, email=f"late{number}@example.org")

    rules = [row.held_rule for row in Signature.objects.order_by("pk")]
    assert rules == ["", "", "", "", "", HoldRule.UNPROVEN]


@pytest.mark.django_db
def test_at_an_announced_event_nobody_is_asked(
    client: Client, petition: Petition, settings: Settings
) -> None:
    settings.PETITIONS_EVENT_NETWORKS = ["127.0.0.0/8"]
    for number in range(5):
        assert _press(client, petition, email=f"hall{number}@example.org").status_code == 303
    assert set(Signature.objects.values_list("held_rule", flat=True)) == {""}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("everywhere", "third"), [(2, HoldRule.UNPROVEN), (0, "")], ids=["over", "switched off"]
)
def test_a_crowd_from_everywhere_is_asked_too(
    client: Client, petition: Petition, settings: Settings, everywhere: int, third: str
) -> None:
    settings.PETITIONS_PROOF_PER_MINUTE = everywhere
    for number in range(3):
        # Switched off, nobody is asked even where all come from one network.
        network = number if everywhere else 0
        client.post(
            _address(petition),
            make.form_data(petition, email=f"from{number}@example.org", altcha=""),
            REMOTE_ADDR=f"198.51.{network}.9",
        )
    rules = [row.held_rule for row in Signature.objects.order_by("pk")]
    assert rules == ["", "", third]
