"""The licence: named in one place, told of what is ours, and of nothing else."""

import json
from pathlib import Path

import pytest
from django.test import Client

from petitions import licence, structured
from petitions.models import Petition
from petitions.states import PetitionKind
from tests.factories import petitions as make

ROOT = Path(__file__).resolve().parents[2]
#: As Creative Commons and SPDX name it: what was published under it stays so.
CODE = "CC-BY-4.0"
URL = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [PetitionKind.CAMPAIGN, PetitionKind.COMPANION])
def test_programs_are_told_the_licence_of_what_is_ours(client: Client, kind: str) -> None:
    number = "e-9999" if kind == PetitionKind.COMPANION else ""
    petition = make.open_petition(kind=kind, house_number=number)
    for path in (f"{petition.slug}.json", f"{petition.slug}/count.json"):
        found = client.get(f"/petitions/{path}").json()
        assert (found["licence"], found["licence_url"]) == (CODE, URL)
    assert structured.petition_work(petition)["license"] == URL


@pytest.mark.django_db
def test_a_petition_made_elsewhere_is_not_ours_to_license(client: Client) -> None:
    petition = make.open_petition()
    Petition.objects.update(kind=PetitionKind.RECORD, house_number="e-1746")
    for path in (f"{petition.slug}.json", f"{petition.slug}/count.json"):
        found = client.get(f"/petitions/{path}").json()
        assert (found["licence"], found["licence_url"]) == (None, None)
    assert "license" not in structured.petition_work(Petition.objects.get())


@pytest.mark.django_db
def test_the_list_says_it_of_each_petition(client: Client) -> None:
    record, ours = make.open_petition(), make.open_petition()
    Petition.objects.filter(pk=record.pk).update(kind=PetitionKind.RECORD, house_number="e-1746")
    rows = client.get("/petitions.json").json()["petitions"]
    assert {row["slug"]: row["licence"] for row in rows} == {record.slug: None, ours.slug: CODE}


def test_it_is_named_in_one_place() -> None:
    files = [path for folder in ("campaign", "petitions") for path in (ROOT / folder).rglob("*.py")]
    files += (ROOT / "templates").rglob("*.html")
    names = [licence.OPEN_DATA.url, json.dumps(licence.OPEN_DATA.code), licence.OPEN_DATA.name]
    found = {path.name for path in files if any(name in path.read_text("utf-8") for name in names)}
    assert found == {"licence.py"}
