"""`/petitions.json` and `/petitions/{slug}.json`: a contract with programs that are not ours."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaign.demo.loading import load_record
from petitions.domain import official
from petitions.models import Outcome, Petition, PetitionEvent, Tally
from petitions.states import PetitionKind, PetitionState
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import read
from tests.routes import removed_petition

pytestmark = pytest.mark.django_db

#: The names and their order are the contract: they may grow, and never change.
FIELDS = [
    "id",
    "slug",
    "type",
    "petition_number",
    "parliamentary_number",
    "parliament",
    "session",
    "title",
    "keywords",
    "original_language",
    "status",
    "status_name",
    "status_reached_date_time",
    "is_paused",
    "petitioner",
    "sponsor",
    "signature_opening_date_time",
    "signature_closing_date_time",
    "certification_date_time",
    "presented_date",
    "government_response_date",
    "threshold",
    "signature_count",
    "signature_count_as_of",
    "signature_count_is_final",
    "province_signatures",
    "province_signatures_as_of",
    "removed_signatures",
    "official_signature_count",
    "addressee",
    "summary",
    "grievances",
    "prayer",
    "response",
    "pages",
    "house_pages",
    "licence",
    "licence_url",
]


def _address(petition: Petition) -> str:
    return f"/petitions/{petition.slug}.json"


def _get(petition: Petition) -> dict[str, Any]:
    found: dict[str, Any] = Client().get(_address(petition)).json()
    return found


def test_names_and_their_order(petition: Petition) -> None:
    assert list(_get(petition)) == FIELDS
    whole = Client().get("/petitions.json").json()
    assert list(whole) == ["petitions"]
    assert whole["petitions"] == [_get(petition)]


def test_texts_stand_in_three_languages(petition: Petition) -> None:
    Petition.objects.update(keywords_en="Cambodia, Elections", keywords_fr="Cambodge, Élections")
    found = _get(petition)
    assert found["title"] == {
        language: getattr(petition, f"title_{language}") for language in ("en", "fr", "km")
    }
    assert found["grievances"] == [{"en": "whereas en", "fr": "whereas fr", "km": "whereas km"}]
    assert found["prayer"] == [{"en": "request en", "fr": "request fr", "km": "request km"}]
    assert found["keywords"] == {
        "en": ["Cambodia", "Elections"],
        "fr": ["Cambodge", "Élections"],
        "km": [],
    }
    assert found["status_name"] == {
        "en": "Open for signature",
        "fr": "Ouverte pour signature",
        "km": "កំពុងទទួលហត្ថលេខា",
    }
    assert found["pages"]["km"].endswith(f"/km/petitions/{petition.slug}/")


def test_a_text_that_is_not_written_is_null_and_not_another_language(petition: Petition) -> None:
    Petition.objects.update(summary_km="")
    assert _get(petition)["summary"]["km"] is None
    assert _get(petition)["summary"]["en"]


def test_the_count_is_the_stored_one_with_its_instant(petition: Petition) -> None:
    as_of = datetime(2026, 11, 1, 12, tzinfo=UTC)
    Tally.objects.update(total=41, as_of=as_of)
    found = _get(petition)
    assert (found["signature_count"], found["signature_count_as_of"]) == (41, as_of.isoformat())
    assert (found["signature_count_is_final"], found["threshold"]) == (False, 500)
    assert found["official_signature_count"] is None


def test_provinces_are_the_published_cells_in_a_fixed_order(petition: Petition) -> None:
    cells = {"other": 6, "QC": 9, "abroad": 5, "BC": 12}
    Tally.objects.update(provinces=cells, provinces_day=date(2026, 11, 1))
    found = _get(petition)
    assert [(row["province"], row["signature_count"]) for row in found["province_signatures"]] == [
        ("BC", 12),
        ("QC", 9),
        ("abroad", 5),
        ("other", 6),
    ]
    assert found["province_signatures"][1]["province_name"]["fr"] == "Québec"
    assert found["province_signatures_as_of"] == "2026-11-01"


def test_removals_are_the_published_cells_by_reason(petition: Petition) -> None:
    assert _get(petition)["removed_signatures"] == []
    Tally.objects.update(removed={"other": 5, "machine": 9})
    found = _get(petition)["removed_signatures"]
    assert [(row["reason"], row["signature_count"]) for row in found] == [
        ("machine", 9),
        ("other", 5),
    ]
    assert found[1]["reason_name"]["en"] == "Other reasons"


def test_a_certified_total_is_the_certificates(petition: Petition) -> None:
    at = datetime(2026, 11, 2, 12, tzinfo=UTC)
    Tally.objects.update(total=499, provinces={"ON": 99}, provinces_day=date(2026, 11, 1))
    Petition.objects.update(state=PetitionState.CERTIFIED)
    Outcome.objects.create(
        petition=petition, certified_at=at, certified_total=512, certified_provinces={"BC": 500}
    )
    found = _get(petition)
    assert (found["signature_count"], found["signature_count_is_final"]) == (512, True)
    assert found["signature_count_as_of"] == found["certification_date_time"] == at.isoformat()
    assert [row["province"] for row in found["province_signatures"]] == ["BC"]
    Petition.objects.update(state=PetitionState.NOT_CERTIFIED)
    assert (_get(petition)["signature_count"], _get(petition)["certification_date_time"]) == (
        512,
        None,
    )


def test_the_record_of_e_1746() -> None:
    found = _get(load_record())
    assert {
        name: found[name]
        for name in (
            "type",
            "petition_number",
            "parliamentary_number",
            "parliament",
            "session",
            "status",
            "petitioner",
            "sponsor",
            "signature_opening_date_time",
            "signature_closing_date_time",
            "presented_date",
            "government_response_date",
            "signature_count",
            "signature_count_is_final",
            "province_signatures",
        )
    } == {
        "type": "record",
        "petition_number": "e-1746",
        "parliamentary_number": "421-03054",
        "parliament": 42,
        "session": 1,
        "status": "response_tabled",
        "petitioner": "Sophan Seng",
        "sponsor": {"name": "Ron McKinnon", "constituency": "Coquitlam–Port Coquitlam"},
        "signature_opening_date_time": "2018-06-26T21:25:00+00:00",
        "signature_closing_date_time": "2018-10-24T21:25:00+00:00",
        "presented_date": "2018-12-07",
        "government_response_date": "2019-01-28",
        "signature_count": None,
        "signature_count_is_final": False,
        "province_signatures": [],
    }
    assert found["response"]["minister"] == "Chrystia Freeland"
    assert found["house_pages"]["fr"] == official.house_url("e-1746", "fr")
    assert (len(found["grievances"]), len(found["prayer"])) == (5, 3)


def test_nobody_is_named_who_is_not_named_on_the_page(petition: Petition) -> None:
    found = _get(petition)
    assert (found["petitioner"], found["sponsor"], found["response"]) == (None, None, None)


def test_an_official_count_stands_apart() -> None:
    petition = make.open_petition(kind=PetitionKind.COMPANION, house_number="e-9999")
    official.record_count(
        petition, number=412, seen_on=date(2018, 9, 1), source="page", by=people.person()
    )
    found = _get(petition)
    assert found["official_signature_count"] == {
        "number": 412,
        "seen_on": "2018-09-01",
        "source": "page",
    }
    assert found["signature_count"] == 0


def test_the_state_follows_the_clock_and_pauses_are_no_steps(petition: Petition) -> None:
    opened = timezone.now() - timedelta(days=1)
    for at, origin in ((opened, PetitionState.SCHEDULED), (timezone.now(), PetitionState.OPEN)):
        PetitionEvent.objects.create(
            petition=petition, happened_at=at, from_state=origin, to_state=PetitionState.OPEN
        )
    found = _get(petition)
    assert (found["status"], found["status_reached_date_time"]) == ("open", opened.isoformat())
    closed = timezone.now() - timedelta(minutes=1)
    Petition.objects.update(closes_at=closed)
    found = _get(petition)
    assert (found["status"], found["status_reached_date_time"]) == ("closed", closed.isoformat())


# --- answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["one", "all"])
def test_any_page_may_read_it_and_is_told_when_nothing_changed(
    petition: Petition, which: str
) -> None:
    address = _address(petition) if which == "one" else "/petitions.json"
    first = Client().get(address, headers={"origin": "https://other.example"})
    assert (first["Access-Control-Allow-Origin"], first["Content-Type"]) == (
        "*",
        "application/json",
    )
    assert (first["Cache-Control"], first["Content-Language"]) == (
        "public, max-age=1",
        "en, fr, km",
    )
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Tally.objects.update(total=9)
    after = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (after.status_code, after["ETag"] == first["ETag"]) == (200, False)


def test_what_is_not_public_is_in_neither() -> None:
    draft, removed = make.draft_petition(), removed_petition()
    assert Client().get(_address(draft)).status_code == 404
    assert Client().get("/petitions/nothing.json").status_code == 404
    gone = Client().get(_address(removed))
    assert (gone.status_code, gone.json()) == (410, {"status": "removed"})
    assert Client().get("/petitions.json").json() == {"petitions": []}


def test_three_petitions_take_as_many_queries_as_one() -> None:
    taken = []
    for _turn in range(3):
        make.confirmed(make.open_petition())
        with CaptureQueriesContext(connection) as queries:
            Client().get("/petitions.json")
        taken.append(len(queries))
    assert taken == [taken[0]] * 3


def test_the_pages_link_to_it(petition: Petition) -> None:
    for page, address in (
        (f"/km/petitions/{petition.slug}/", _address(petition)),
        ("/km/petitions/", "/petitions.json"),
    ):
        links = [a.attributes["href"] for a in read(Client().get(page)).one("main").all("a")]
        assert address in links
