"""After the closing on the desk: certificate, presentation, response, calendar, dissolution."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from campaign.accounts.roles import Role
from petitions import clock
from petitions.models import Outcome, Petition, PetitionEvent, ResponseFile, SittingDay
from petitions.states import PetitionKind, PetitionState
from tests.factories import outcomes, parliament, people
from tests.factories import petitions as make
from tests.pages import field_errors, heading, main_text, read, summary

pytestmark = pytest.mark.django_db
S = PetitionState


def _path(petition: Petition, page: str = "") -> str:
    return f"/desk/petitions/{petition.slug}/{page}"


def _state(petition: Petition) -> str:
    return Petition.objects.get(pk=petition.pk).state


def _today() -> str:
    return f"{clock.today():%Y-%m-%d}"


# --- the certificate -------------------------------------------------------------------------


def test_certifying_is_announced_done_and_printed(organizer: Client) -> None:
    petition = outcomes.closed_petition(signatures=2, threshold=2)
    assert "Certify the total" in main_text(organizer.get(_path(petition)))
    page = main_text(organizer.get(_path(petition, "move/certified/")))
    assert "2 confirmed signatures count now. The goal is 2." in page
    assert "never changes" in page
    response = organizer.post(_path(petition, "move/certified/"), {"reason": ""})
    assert (response.status_code, _state(petition)) == (302, S.CERTIFIED)
    assert Outcome.objects.get().certified_total == 2
    assert "Record the presentation" in main_text(organizer.get(_path(petition)))


def test_a_missed_goal_offers_only_the_end_without_certificate(organizer: Client) -> None:
    petition = outcomes.closed_petition(threshold=5)
    page = organizer.get(_path(petition, "move/certified/"))
    assert "There is now 1 confirmed signature. The goal is 5." in main_text(page)
    assert not read(page).one("main").all("button")
    organizer.post(_path(petition, "move/not_certified/"), {"reason": ""})
    assert _state(petition) == S.NOT_CERTIFIED
    assert organizer.get(_path(petition, "certificate.en.pdf")).status_code == 404


def test_declining_a_reached_goal_needs_a_reason(organizer: Client) -> None:
    petition = outcomes.closed_petition()
    response = organizer.post(_path(petition, "move/not_certified/"), {"reason": ""})
    assert field_errors(response) == {"reason": ["Enter why, in one sentence"]}
    assert (_state(petition), Outcome.objects.exists()) == (S.CLOSED, False)


@pytest.mark.parametrize("to", ["presented", "response_tabled", "response_overdue"])
def test_steps_with_a_page_of_their_own_have_no_bare_move(organizer: Client, to: str) -> None:
    petition = outcomes.certified_petition()
    assert organizer.post(_path(petition, f"move/{to}/"), {"reason": "x"}).status_code == 404
    assert _state(petition) == S.CERTIFIED


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Campaign certificate", "not the Clerk of Petitions’ certificate", "title en"]),
        ("fr", ["title fr", "summary"]),
    ],
)
def test_the_certificate_says_whose_it_is(
    organizer: Client, language: str, words: list[str]
) -> None:
    petition = outcomes.certified_petition(signatures=3)
    response = organizer.get(_path(petition, f"certificate.{language}.pdf"))
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(BytesIO(response.content))
    text = " ".join(page.extract_text() for page in reader.pages).replace("\n", " ")
    folded = " ".join(text.split()).lower()
    assert [word for word in words[:3] if word != "summary" and word.lower() not in folded] == []
    assert " 3 " in f" {folded} "
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith(language)
    # The same certificate is the same file.
    assert organizer.get(_path(petition, f"certificate.{language}.pdf")).content == response.content


def test_there_is_no_certificate_in_khmer_nor_before_certifying(organizer: Client) -> None:
    certified, closed = outcomes.certified_petition(), outcomes.closed_petition()
    assert organizer.get(_path(certified, "certificate.km.pdf")).status_code == 404
    assert organizer.get(_path(closed, "certificate.en.pdf")).status_code == 404


# --- presentation and response ---------------------------------------------------------------


def test_a_presentation_is_recorded_from_its_page(organizer: Client) -> None:
    petition = outcomes.certified_petition()
    member = parliament.member()
    page = organizer.get(_path(petition, "presentation/"))
    assert "45 days" in main_text(page)
    data = {
        "member": str(member.pk),
        "day": _today(),
        "number": "421-03054",
        "may_be_named": "on",
    }
    response = organizer.post(_path(petition, "presentation/"), data)
    assert (response.status_code, _state(petition)) == (302, S.PRESENTED)
    assert Outcome.objects.get().presenter_name == member.name
    text = main_text(organizer.get(_path(petition)))
    assert "421-03054" in text
    assert "nobody is told that the response is overdue" in text


def test_a_presentation_that_cannot_be_keeps_what_was_typed(organizer: Client) -> None:
    petition = outcomes.certified_petition()
    data = {"member": "", "day": "2999-01-01", "number": "421"}
    response = organizer.post(_path(petition, "presentation/"), data)
    assert response.status_code == 422
    assert field_errors(response) == {
        "member": ["Select the Member who presented it"],
        "number": ["Enter the number that the House gave it, like 421-03054"],
    }
    assert read(response).one("input", name="day").attributes["value"] == "2999-01-01"
    data |= {"member": str(parliament.member().pk), "number": "421-03054"}
    response = organizer.post(_path(petition, "presentation/"), data)
    assert field_errors(response) == {"day": ["Date must not be in the future"]}
    assert _state(petition) == S.CERTIFIED


def _response(**changes: object) -> dict[str, object]:
    summaries = {f"summary_{code}": text for code, text in outcomes.IN_THREE.items()}
    return {"day": _today(), "minister": "Chrystia Freeland", **summaries, **changes}


def _pdf(content: bytes = outcomes.PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("response.pdf", content, content_type="application/pdf")


def test_a_response_is_recorded_and_its_other_file_added_later(organizer: Client) -> None:
    petition = outcomes.presented_petition()
    response = organizer.post(_path(petition, "response/"), _response(file_en=_pdf()))
    assert (response.status_code, _state(petition)) == (302, S.RESPONSE_TABLED)
    page = organizer.get(_path(petition, "response/"))
    assert heading(page) == "The response as it was tabled"
    names = {field.attributes["name"] for field in read(page).one("main").all("input", type="file")}
    assert names == {"file_fr"}
    assert field_errors(organizer.post(_path(petition, "response/"), {})) == {}
    assert summary(organizer.post(_path(petition, "response/"), {})) == [("Choose a file", "")]
    organizer.post(_path(petition, "response/"), {"file_fr": _pdf()})
    assert set(ResponseFile.objects.values_list("language", flat=True)) == {"en", "fr"}


def test_a_file_that_is_no_pdf_is_refused_with_all_that_was_typed(organizer: Client) -> None:
    petition = outcomes.presented_petition()
    data = _response(file_en=_pdf(b"MZ\x90"), minister="Kept words")
    response = organizer.post(_path(petition, "response/"), data)
    assert response.status_code == 422
    assert field_errors(response) == {
        "file_en": ["This file is no PDF: choose the response as a PDF"]
    }
    assert "choose them again" in main_text(response)
    assert read(response).one("input", name="minister").attributes["value"] == "Kept words"
    assert (_state(petition), ResponseFile.objects.exists()) == (S.PRESENTED, False)


def test_a_step_that_is_not_next_says_where_the_petition_stands(
    organizer: Client, petition: Petition
) -> None:
    for page in ("presentation/", "response/"):
        answer = organizer.post(_path(petition, page), {})
        assert "It takes signatures until" in main_text(answer)
    Petition.objects.update(kind=PetitionKind.RECORD)
    assert organizer.get(_path(petition, "response/")).status_code == 404


# --- the calendar ----------------------------------------------------------------------------


def test_days_are_entered_and_taken_out(organizer: Client) -> None:
    data = {"days": "2019-01-28 to 2019-02-01\n2019-02-04", "act": "add"}
    assert organizer.post("/desk/calendar/", data).status_code == 302
    assert SittingDay.objects.count() == 6
    page = main_text(organizer.get("/desk/calendar/"))
    assert "28 · 29 · 30 · 31" in page
    organizer.post("/desk/calendar/", {"days": "2019-01-28", "act": "remove"})
    assert SittingDay.objects.earliest("day").day == date(2019, 1, 29)


def test_a_list_with_one_wrong_line_is_refused_whole(organizer: Client) -> None:
    response = organizer.post("/desk/calendar/", {"days": "2019-01-28\nsoon", "act": "add"})
    assert response.status_code == 422
    assert [text[:6] for text in field_errors(response)["days"]] == ["“soon”"]
    assert read(response).one("textarea").text.split() == ["2019-01-28", "soon"]
    assert not SittingDay.objects.exists()


# --- dissolution -----------------------------------------------------------------------------


def _typed(*petitions: Petition, **changes: str) -> dict[str, str]:
    looked_at = " ".join(str(each.pk) for each in petitions)
    word = {"word": "Dissolution", "reason": "Canada Gazette", "day": _today()}
    return {"looked_at": looked_at, **word, **changes}


def test_a_dissolution_shows_which_petitions_and_ends_them(
    organizer: Client, petition: Petition
) -> None:
    presented = outcomes.presented_petition()
    page = organizer.get("/desk/dissolution/")
    assert petition.title in main_text(page)
    assert presented.title not in main_text(page)
    response = organizer.post("/desk/dissolution/", _typed(petition))
    assert (response.status_code, _state(petition)) == (302, S.CLOSED_ON_DISSOLUTION)
    assert _state(presented) == S.PRESENTED
    assert "no petition that a dissolution would end" in main_text(
        organizer.get("/desk/dissolution/")
    )


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"word": "dissolve"}, {"word": ["Write the word “dissolution”"]}),
        ({"reason": ""}, {"reason": ["Enter where the dissolution is announced"]}),
        ({"day": "2999-01-01"}, {"day": ["Date must not be in the future"]}),
    ],
)
def test_a_dissolution_is_not_pressed_by_accident(
    organizer: Client, petition: Petition, changes: dict[str, str], errors: dict[str, list[str]]
) -> None:
    response = organizer.post("/desk/dissolution/", _typed(petition, **changes))
    assert (response.status_code, field_errors(response)) == (422, errors)
    assert _state(petition) == S.OPEN
    assert not PetitionEvent.objects.exists()


def test_a_petition_that_nobody_looked_at_is_not_ended(
    organizer: Client, petition: Petition
) -> None:
    new = outcomes.closed_petition()
    response = organizer.post("/desk/dissolution/", _typed(petition))
    assert "The list has changed meanwhile" in main_text(response)
    assert {_state(petition), _state(new)} == {S.OPEN, S.CLOSED}
    looked_at = read(response).one("input", name="looked_at").attributes["value"]
    assert set(looked_at.split()) == {str(petition.pk), str(new.pk)}


def test_a_dissolution_needs_a_fresh_log_in(organizer: Client, petition: Petition) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        looked = organizer.get("/desk/dissolution/")
        sent = organizer.post("/desk/dissolution/", _typed(petition, reason="Kept words"))
    assert looked["Location"].startswith("/accounts/reauthenticate/?next=")
    assert sent.status_code == 403
    assert read(sent).one("input", name="reason").attributes["value"] == "Kept words"
    assert _state(petition) == S.OPEN


def test_the_lists_of_the_desk_lead_to_calendar_and_dissolution(organizer: Client) -> None:
    make.draft_petition()
    links = {link.attributes["href"] for link in read(organizer.get("/desk/petitions/")).all("a")}
    assert {"/desk/calendar/", "/desk/dissolution/"} <= links
    briefer = people.log_in(people.person(Role.BRIEFER))
    links = {link.attributes["href"] for link in read(briefer.get("/desk/petitions/")).all("a")}
    assert "/desk/dissolution/" not in links
