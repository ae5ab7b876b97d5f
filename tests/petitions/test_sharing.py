"""Short links: from a poster to the petition, in the reader's language, telling where from."""

import pytest
from django.db import IntegrityError
from django.test import Client

from petitions.domain import sharing
from petitions.models import Petition, ShareLink, Signature
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import browser, read, typed
from tests.routes import removed_petition

pytestmark = pytest.mark.django_db


def link(petition: Petition, place: str = "Temple") -> ShareLink:
    return sharing.make_link(petition, place=place, kind="poster", by=people.person())


# --- codes -----------------------------------------------------------------------------------


def test_a_code_has_six_signs_that_are_not_mistaken(petition: Petition) -> None:
    codes = [link(petition).code for _turn in range(20)]
    assert {len(code) for code in codes} == {6}
    assert not set("".join(codes)) & set("01lioaeuyszb5")
    assert len(set(codes)) == 20


def test_a_code_that_is_taken_is_drawn_again(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = link(petition).code
    by = people.person()
    drawn = iter([*taken, *"cdfghj"])
    monkeypatch.setattr(sharing.secrets, "choice", lambda _alphabet: next(drawn))
    again = sharing.make_link(petition, place="Market", kind="link", by=by)
    assert again.code == "cdfghj"


def test_the_database_knows_the_kinds(petition: Petition) -> None:
    with pytest.raises(IntegrityError, match="share_link_kind_known"):
        sharing.make_link(petition, place="Temple", kind="banner", by=people.person())


# --- where they lead -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en-US", "en"),
        ("km-KH,en;q=0.5", "km"),
        ("vi,th;q=0.8", "km"),
        ("en;q=0", "km"),
        ("", "km"),
    ],
)
def test_a_short_link_leads_to_the_petition_in_the_language_of_the_phone(
    petition: Petition, asked: str, language: str
) -> None:
    code = link(petition).code
    response = browser(**{"Accept-Language": asked}).get(f"/s/{code}")
    assert response.status_code == 302
    assert response["Location"] == f"/{language}/petitions/{petition.slug}/?s={code}"
    assert "Accept-Language" in response["Vary"]
    assert not response.cookies


def test_a_code_may_be_typed_in_capital_letters(petition: Petition) -> None:
    code = link(petition).code
    assert browser().get(f"/s/{code.upper()}")["Location"].endswith(f"?s={code}")


def test_a_retired_link_still_leads_there_and_tells_no_place(petition: Petition) -> None:
    made = link(petition)
    assert sharing.retire(made)
    assert not sharing.retire(made)
    response = browser().get(f"/s/{made.code}")
    assert response["Location"] == f"/km/petitions/{petition.slug}/"


@pytest.mark.parametrize("code", ["nothing", "2346789"])
def test_an_unknown_code_is_told_in_three_languages_with_the_way_to_the_petition(
    petition: Petition, code: str
) -> None:
    response = browser().get(f"/s/{code}")
    assert response.status_code == 404
    page = read(response)
    assert [each.attributes["lang"] for each in page.all("section")] == ["km", "en-CA", "fr-CA"]
    ways = [each.attributes["href"] for each in page.all("a", class_="button")]
    assert ways == ["/km/", "/en/", "/fr/"]


def test_a_link_of_what_nobody_may_read_is_not_found() -> None:
    assert browser().get(f"/s/{link(make.draft_petition()).code}").status_code == 404
    assert browser().get(f"/s/{link(removed_petition()).code}").status_code == 410


def test_the_address_without_a_language_leads_there_too(petition: Petition) -> None:
    french = Client(headers={"Accept-Language": "fr"})
    path = f"/fr/petitions/{petition.slug}/"
    assert french.get(f"/petitions/{petition.slug}/")["Location"] == path
    assert french.get(f"/petitions/{petition.slug}/?s=poster")["Location"] == f"{path}?s=poster"


def test_the_code_goes_along_to_the_signature(petition: Petition) -> None:
    code = link(petition).code
    phone = Client(headers={"Accept-Language": "en"})
    page = read(phone.get(f"/s/{code}", follow=True))
    (way,) = {
        each.attributes["href"]
        for each in page.one("main").all("a")
        if "/sign/" in each.attributes["href"]
    }
    form = typed(phone.get(way))
    assert form["source"] == code
    phone.post(way, make.form_data(petition, source=form["source"]))
    assert Signature.objects.get().source == code
