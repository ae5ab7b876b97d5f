"""`count.json`: a contract with pages that are not ours."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from petitions import presentation
from petitions.domain import counting
from petitions.models import Petition, Tally
from petitions.states import PetitionKind, PetitionState
from tests.conftest import SetClock
from tests.factories import petitions as make
from tests.routes import removed_petition

pytestmark = pytest.mark.django_db

KEYS = {
    "confirmed",
    "paper",
    "threshold",
    "as_of",
    "status",
    "paused",
    "closes_at",
    "confirmed_text",
    "left_text",
    "as_of_text",
    "percent_max",
    "licence",
    "licence_url",
}


def address(petition: Petition) -> str:
    return f"/petitions/{petition.slug}/count.json"


def test_keys_and_values(client: Client, petition: Petition, set_clock: SetClock) -> None:
    make.confirmed(petition)
    set_clock(timezone.now() + timedelta(seconds=2))
    counting.tally(petition)
    found = client.get(address(petition)).json()
    tally = Tally.objects.get()
    assert tally.as_of is not None
    assert petition.closes_at is not None
    assert set(found) == KEYS
    assert {key: found[key] for key in KEYS - {"left_text", "as_of_text"}} == {
        "confirmed": 1,
        "paper": 0,
        "threshold": 500,
        "as_of": tally.as_of.isoformat(),
        "status": "open",
        "paused": False,
        "closes_at": petition.closes_at.isoformat(),
        "confirmed_text": "1",
        "percent_max": 500,
        "licence": "CC-BY-4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    }


@pytest.mark.parametrize("asked", ["en", "fr", "km"])
def test_texts_are_in_the_asked_language(client: Client, petition: Petition, asked: str) -> None:
    response = client.get(address(petition), {"lang": asked}, headers={"accept-language": "en"})
    with translation.override(asked):
        card = presentation.counter(petition)
    assert card is not None
    assert (response.json()["left_text"], response["Content-Language"]) == (
        card["left_text"],
        asked,
    )


@pytest.mark.parametrize("asked", ["", "de", "EN", "../en"])
def test_an_unknown_language_is_english(client: Client, petition: Petition, asked: str) -> None:
    in_english = client.get(address(petition)).json()
    assert client.get(address(petition), {"lang": asked}).json() == in_english


def test_any_page_may_read_it(client: Client, petition: Petition) -> None:
    response = client.get(address(petition), headers={"origin": "https://other.example"})
    assert (response["Access-Control-Allow-Origin"], response["Content-Type"]) == (
        "*",
        "application/json",
    )


@pytest.mark.parametrize("form", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
def test_an_unchanged_count_is_not_sent_again(
    client: Client, petition: Petition, form: str
) -> None:
    """A proxy that compresses makes the tag a weak one."""
    etag = client.get(address(petition))["ETag"]
    response = client.get(address(petition), headers={"if-none-match": form.format(etag=etag)})
    assert (
        response.status_code,
        response.content,
        response["ETag"],
        response["Access-Control-Allow-Origin"],
        response["Cache-Control"],
    ) == (304, b"", etag, "*", "public, max-age=1")


def test_a_changed_count_has_another_tag(client: Client, petition: Petition) -> None:
    etag = client.get(address(petition))["ETag"]
    Tally.objects.update(total=7)
    response = client.get(address(petition), headers={"if-none-match": etag})
    assert (response.status_code, response.json()["confirmed"]) == (200, 7)
    assert response["ETag"] != etag


def test_languages_have_different_tags(client: Client, petition: Petition) -> None:
    tags = {client.get(address(petition), {"lang": code})["ETag"] for code in ("en", "fr", "km")}
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, ("open", False)),
        ({"paused_at": timezone.now()}, ("open", True)),
        ({"closes_at": timezone.now() - timedelta(seconds=1)}, ("closed", False)),
        ({"state": "closed"}, ("closed", False)),
        ({"state": "response_tabled"}, ("response_tabled", False)),
    ],
)
def test_status_is_true_by_the_clock(
    client: Client, petition: Petition, change: dict[str, object], status: tuple[str, bool]
) -> None:
    Petition.objects.update(**change)
    found = client.get(address(petition)).json()
    assert (found["status"], found["paused"]) == status


def test_a_record_has_no_number(client: Client) -> None:
    record = make.draft_petition(kind=PetitionKind.RECORD)
    Petition.objects.update(state=PetitionState.RESPONSE_TABLED)
    found = client.get(address(record)).json()
    assert (set(found), found["confirmed"], found["confirmed_text"]) == (KEYS, None, "")


def test_a_removed_petition_says_so_to_any_page(client: Client) -> None:
    response = client.get(address(removed_petition()))
    assert (response.status_code, response.json(), response["Access-Control-Allow-Origin"]) == (
        410,
        {"status": "removed"},
        "*",
    )


def test_what_was_never_public_is_not_found(client: Client) -> None:
    assert client.get(address(make.draft_petition())).status_code == 404
    assert client.get("/petitions/nothing/count.json").status_code == 404
