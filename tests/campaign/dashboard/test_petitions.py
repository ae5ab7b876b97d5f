"""The desk's list of petitions, a new one, and the page that says what is left to do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaign.accounts.roles import Role
from petitions.domain import lifecycle, vault
from petitions.models import KeySlot, Petition
from petitions.states import PetitionKind, PetitionState
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import field_errors, heading, main_text, read, summary

pytestmark = pytest.mark.django_db
S = PetitionState


def _links(client: Client, path: str) -> list[str]:
    return [link.attributes["href"] for link in read(client.get(path)).one("main").all("a")]


def _page(petition: Petition) -> str:
    return f"/desk/petitions/{petition.slug}/"


# --- the list --------------------------------------------------------------------------------


def test_the_list_says_how_far_each_petition_is(organizer: Client) -> None:
    petition = make.open_petition(title_en="Free elections")
    make.confirmed(petition)
    make.submitted(petition)
    make.approved(make.draft_petition(why_now_fr="Parce que"))
    text = main_text(organizer.get("/desk/petitions/"))
    assert "Open for signature Free elections" in text
    assert "English 8 of 9 approved French 9 of 9 approved Khmer 8 of 9 approved" in text
    assert f"1 of 500 confirmed · {petition.opens_at:%Y-%m-}" in text


def test_open_ones_stand_first_and_records_last(organizer: Client) -> None:
    make.draft_petition(title_en="Record", kind=PetitionKind.RECORD)
    make.draft_petition(title_en="Withdrawn")
    Petition.objects.filter(title_en="Withdrawn").update(state=S.WITHDRAWN)
    make.open_petition(title_en="Open")
    make.draft_petition(title_en="Draft")
    page = read(organizer.get("/desk/petitions/"))
    titles = [each.text for each in page.one("main").all("h2")]
    assert titles == ["Open", "Draft", "Withdrawn", "Record"]


def test_the_list_takes_as_many_queries_for_three_as_for_one(organizer: Client) -> None:
    organizer.get("/desk/petitions/")  # the welcome after the log-in is said once
    taken = []
    for _turn in range(3):
        make.confirmed(make.open_petition())
        with CaptureQueriesContext(connection) as queries:
            organizer.get("/desk/petitions/")
        taken.append(len(queries))
    assert taken == [taken[0]] * 3


def test_the_list_offers_a_new_petition_to_those_who_write() -> None:
    assert "/desk/petitions/new/" in _links(
        people.log_in(people.person(Role.TRANSLATOR)), "/desk/petitions/"
    )
    assert "/desk/petitions/new/" not in _links(
        people.log_in(people.person(Role.BRIEFER)), "/desk/petitions/"
    )


def test_an_empty_desk_has_a_way_on(organizer: Client) -> None:
    assert "/desk/petitions/new/" in _links(organizer, "/desk/")
    assert "There is no petition of this campaign yet." in main_text(
        organizer.get("/desk/petitions/")
    )


# --- a new one -------------------------------------------------------------------------------


def test_a_new_petition_begins_in_the_editor(organizer: Client) -> None:
    response = organizer.post(
        "/desk/petitions/new/", {"language": "en", "title": "Free elections", "slug": ""}
    )
    assert response.status_code == 302
    assert response["Location"] == "/desk/petitions/free-elections/text/"
    assert organizer.get(response["Location"]).status_code == 200
    assert Petition.objects.get().state == S.DRAFT


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": " "}, "title", "Enter a working title"),
        ({"title": "x" * 161}, "title", "Title must have 160 characters or fewer"),
        ({"language": ""}, "language", "Select the language that the title is in"),
        ({"slug": "ការ"}, "slug", "Use only Latin letters, digits and hyphens"),
        ({"slug": "a" * 51}, "slug", "Address must have 50 characters or fewer"),
        ({"slug": "Taken"}, "slug", "The address “taken” is taken: enter another one"),
        ({"title": "ការ", "language": "km"}, "slug", "Enter an address in Latin letters"),
    ],
)
def test_a_refused_petition_keeps_its_input(
    organizer: Client, changes: dict[str, str], field: str, words: str
) -> None:
    make.draft_petition(slug="taken")
    data = {"language": "en", "title": "A kept title", "slug": "", **changes}
    response = organizer.post("/desk/petitions/new/", data)
    assert response.status_code == 422
    (error,) = field_errors(response)[field]
    assert words in error
    assert [text for text, _anchor in summary(response)] == [error]
    assert read(response).one("input", name="title").attributes["value"] == data["title"]
    assert Petition.objects.count() == 1


# --- the page of one -------------------------------------------------------------------------


def test_what_is_missing_links_to_its_field(organizer: Client) -> None:
    petition = make.draft_petition(title_km="", opens_at=None, closes_at=None)
    petition.clauses.filter(kind="request").update(text_fr="")
    links = _links(organizer, _page(petition))
    editor = f"{_page(petition)}text/"
    assert [link for link in links if "#" in link] == [
        f"{editor}#id_request_1_fr",
        f"{editor}#id_title_km",
    ]
    shown = read(organizer.get(editor))
    assert shown.one("textarea", id="id_request_1_fr")
    assert shown.one("textarea", id="id_title_km")
    text = main_text(organizer.get(_page(petition)))
    assert "Missing in French: Request 1" in text
    assert "Missing in Khmer: Title" in text
    assert "Opening and closing are not set." in text


def test_a_petition_without_requests_asks_for_one_in_each_language(organizer: Client) -> None:
    petition = make.draft_petition()
    petition.clauses.filter(kind="request").delete()
    anchors = [link for link in _links(organizer, _page(petition)) if "#" in link]
    assert [link.partition("#")[2] for link in anchors] == [
        "id_request_1_en",
        "id_request_1_fr",
        "id_request_1_km",
    ]


@pytest.mark.parametrize(
    ("role", "sees_link"), [(Role.ADMIN, True), (Role.LIST_KEEPER, True), (Role.ORGANIZER, False)]
)
def test_the_vault_is_for_those_who_keep_it(role: Role, *, sees_link: bool) -> None:
    petition = make.draft_petition()
    client = people.log_in(people.person(role))
    assert (f"{_page(petition)}vault/" in _links(client, _page(petition))) is sees_link
    asks = "Ask a list keeper to see to it." in main_text(client.get(_page(petition)))
    assert asks is not sees_link


def test_the_vault_is_told_from_its_proof(organizer: Client) -> None:
    petition = make.draft_petition()
    assert "There is none yet." in main_text(organizer.get(_page(petition)))
    row, code = vault.create(petition, passphrase=make.PASSPHRASE)
    vault.open_vault(row, make.PASSPHRASE)
    assert "has not yet been opened with both" in main_text(organizer.get(_page(petition)))
    vault.open_vault(row, code)
    assert KeySlot.objects.filter(proved_at=None).count() == 0
    assert "It has been opened with the passphrase" in main_text(organizer.get(_page(petition)))


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (S.DRAFT, ["in_translation", "withdrawn"]),
        (S.IN_TRANSLATION, ["scheduled", "draft", "withdrawn"]),
        (S.SCHEDULED, ["in_translation", "withdrawn"]),
        (S.OPEN, ["withdrawn"]),
        (S.CLOSED, ["certified", "not_certified"]),
        (S.WITHDRAWN, []),
    ],
)
def test_the_moves_of_each_state_are_offered(
    organizer: Client, state: PetitionState, moves: list[str]
) -> None:
    petition = make.open_petition()
    Petition.objects.filter(pk=petition.pk).update(state=state)
    before = f"{_page(petition)}move/"
    found = [link for link in _links(organizer, _page(petition)) if link.startswith(before)]
    assert found == [f"{before}{to}/" for to in moves]


@pytest.mark.parametrize(
    ("kind", "is_moved"), [(PetitionKind.COMPANION, True), (PetitionKind.RECORD, False)]
)
def test_a_record_is_not_moved_here(
    organizer: Client, kind: PetitionKind, *, is_moved: bool
) -> None:
    petition = make.draft_petition(kind=kind)
    assert any("/move/" in link for link in _links(organizer, _page(petition))) is is_moved


def test_moves_are_for_those_who_may_move(petition: Petition) -> None:
    for role, sees in ((Role.ORGANIZER, True), (Role.TRANSLATOR, False)):
        links = _links(people.log_in(people.person(role)), _page(petition))
        assert any("/move/" in link for link in links) is sees
        assert (f"{_page(petition)}pause/" in links) is sees


def test_the_history_tells_who_and_why_and_the_clock_in_words() -> None:
    user = people.person(Role.ORGANIZER, language="fr")
    petition = make.open_petition(opens_at=timezone.now() - timedelta(days=40))
    Petition.objects.filter(pk=petition.pk).update(state=S.IN_TRANSLATION)
    make.approved(petition)
    lifecycle.move(petition, S.SCHEDULED, by=user, reason="Prête")
    lifecycle.advance_by_clock()
    lifecycle.pause(petition, by=user, reason="Faux noms")
    lifecycle.resume(petition, by=user)
    page = read(people.log_in(user).get(_page(petition)))
    (timeline,) = page.all("ol", class_="timeline")
    entries = [item.text[17:] for item in timeline.all("li")]
    assert entries == [
        f"Collecte de signatures reprise {user.email}",
        f"Collecte de signatures suspendue {user.email}Faux noms",
        "Ouvre bientôt → Ouverte pour signature par l'horloge",
        f"En traduction → Ouvre bientôt {user.email}Prête",
    ]
    assert lifecycle.BY_THE_CLOCK not in page.text


def test_the_page_links_what_there_is() -> None:
    petition = make.open_petition()
    keeper = people.log_in(people.person(Role.LIST_KEEPER))
    links = _links(keeper, _page(petition))
    assert f"/desk/?petition={petition.slug}" in links
    assert f"{_page(petition)}export/" in links
    assert f"/en/petitions/{petition.slug}/" in links
    draft = make.draft_petition()
    links = _links(keeper, _page(draft))
    assert f"/en/petitions/{draft.slug}/" not in links
    assert f"{_page(draft)}export/" not in links


def test_a_draft_written_in_khmer_only_is_shown_with_its_language(organizer: Client) -> None:
    organizer.post(
        "/desk/petitions/new/", {"language": "km", "title": "ការបោះឆ្នោត", "slug": "vote"}
    )
    response = organizer.get("/desk/petitions/vote/")
    assert heading(response) == "ការបោះឆ្នោត"
    assert read(response).one("h1").attributes["lang"] == "km"
