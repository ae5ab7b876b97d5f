"""Short links on the desk: made for a place, counted without pointing at anybody, retired."""

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from campaign.accounts.roles import PERMISSIONS, Permission, Role
from campaign.dashboard.share_forms import ShareLinkForm
from petitions.domain import counting, sharing
from petitions.models import Petition, ShareLink
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import field_errors, main_text, read

pytestmark = pytest.mark.django_db


def address(petition: Petition) -> str:
    return f"/desk/petitions/{petition.slug}/share/"


def link(petition: Petition, place: str = "Temple") -> ShareLink:
    return sharing.make_link(petition, place=place, kind="poster", by=people.person())


def numbers(client: Client, petition: Petition) -> dict[str, str]:
    """By place what the table says that its link brought."""
    found = {}
    for row in read(client.get(address(petition))).one("table").one("tbody").all("tr"):
        place = row.one("th").text.partition("Poster")[0]
        found[place] = row.all("td", class_="n")[0].text
    return found


def sources(client: Client, petition: Petition) -> dict[str, str]:
    """The overview's table by source: each name with its number."""
    tables = read(client.get(f"/desk/?petition={petition.slug}")).all("table")
    (table,) = [
        each
        for each in tables
        if "By source" in {head.text for head in each.all("th", scope="col")}
    ]
    rows = table.one("tbody").all("tr")
    return {row.one("th").text: row.one("td", class_="n").text for row in rows}


def test_a_link_is_made_for_a_place_and_given_to_nobody_else(
    petition: Petition, organizer: Client
) -> None:
    done = organizer.post(address(petition), {"place": " Temple  hall ", "kind": "event"})
    assert done["Location"] == address(petition)
    made = ShareLink.objects.get()
    assert (made.place, made.kind, made.retired_at) == ("Temple hall", "event", None)
    page = organizer.get(address(petition))
    assert f"/s/{made.code}" in main_text(page)
    assert "Temple hall" in main_text(page)
    public = [Client().get(f"/en/petitions/{petition.slug}/{rest}") for rest in ("", "share/")]
    assert not [each for each in public if b"Temple" in each.content]


def test_a_link_needs_a_place_and_a_kind(petition: Petition, organizer: Client) -> None:
    response = organizer.post(address(petition), {"place": " ", "kind": "banner"})
    assert response.status_code == 422
    assert field_errors(response) == {
        "place": ["Enter the event or place"],
        "kind": ["Select what the link is for"],
    }
    long = ShareLinkForm({"place": "x" * 81, "kind": "poster"})
    assert long.errors["place"] == ["Event or place must have 80 characters or fewer"]


def test_signatures_are_told_by_the_place_of_their_link(
    petition: Petition, organizer: Client
) -> None:
    temple, market = link(petition, "Temple"), link(petition, "Market")
    for source in (temple.code, temple.code, market.code, "poster", "elsewhere"):
        make.confirmed(petition, source=source)
    assert numbers(organizer, petition) == {"Temple": "2", "Market": "1"}
    assert sources(organizer, petition) == {
        "Temple": "2",
        "Market": "1",
        "Poster of no place": "1",
        "elsewhere": "1",
    }


def test_who_may_not_see_small_numbers_sees_the_table_of_the_day(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four of one place could be four known people: they stand among the others."""
    roles = PERMISSIONS | {Role.BRIEFER: PERMISSIONS[Role.BRIEFER] | {Permission.MAKE_LINKS}}
    monkeypatch.setattr("campaign.accounts.models.PERMISSIONS", roles)
    temple, market = link(petition, "Temple"), link(petition, "Market")
    for source in [temple.code] * 6 + [market.code] * 4 + [""]:
        make.confirmed(petition, source=source)
    counting.publish_day(petition)
    briefer = people.log_in(people.person(Role.BRIEFER))
    assert numbers(briefer, petition) == {"Temple": "6", "Market": "–"}
    make.confirmed(petition, source=temple.code)
    assert numbers(briefer, petition)["Temple"] == "6"
    assert sources(briefer, petition) == {"Temple": "6", "Others, and changes under 5": "5"}


def test_a_retired_link_is_not_printed_any_more(petition: Petition, organizer: Client) -> None:
    made = link(petition)
    assert len(read(organizer.get(address(petition))).one("table").all("a")) == 6
    organizer.post(f"{address(petition)}{made.code}/retire/")
    page = organizer.get(address(petition))
    assert not read(page).one("table").all("a")
    assert "retired on" in main_text(page)
    organizer.post(f"{address(petition)}{made.code}/retire/")
    assert "This short link was retired before." in main_text(organizer.get(address(petition)))


def test_each_file_of_a_place_leads_to_its_link(petition: Petition, organizer: Client) -> None:
    made = link(petition)
    page = read(organizer.get(address(petition)))
    files = {each.attributes["href"]: each.text for each in page.one("table").all("a")}
    kinds = [organizer.get(path)["Content-Type"] for path in files]
    assert kinds == ["application/pdf"] * 4 + ["image/svg+xml", "image/png"]
    assert list(files.values()) == ["Letter", "A4", "Letter", "A4", "SVG", "PNG"]
    (paper,) = PdfReader(BytesIO(organizer.get(next(iter(files))).content)).pages
    (note,) = paper["/Annots"]
    assert note.get_object()["/A"]["/URI"].endswith(f"/s/{made.code}")


def test_a_link_of_another_petition_is_not_found(petition: Petition, organizer: Client) -> None:
    other = link(make.open_petition())
    for rest in ("qr.svg", "poster-a4.pdf"):
        assert organizer.get(f"{address(petition)}{other.code}/{rest}").status_code == 404
    assert organizer.post(f"{address(petition)}{other.code}/retire/").status_code == 404
