"""Represent is asked by staff, with one postal code and nothing else, and believed in nothing."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from campaign.accounts.roles import Role
from campaign.parliament import agreeing, represent
from campaign.parliament.agreeing import Verdict
from petitions.models import Petition
from tests.campaign.parliament import answers
from tests.factories import parliament, people
from tests.factories import petitions as make
from tests.pages import Element, field_errors, main_text, read
from tests.tables import all_rows

ADDRESS = "/desk/parliament/represent/"
NAME = "Coquitlam—Port Coquitlam"


@dataclass
class Service:
    """A stand-in on this machine: what it answers, and all that it was sent."""

    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    #: Not set: it takes the question and stays silent.
    speaks: threading.Event = field(default_factory=threading.Event)

    def answers(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.body, self.status, self.headers = body, status, headers


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    found = Service()
    found.speaks.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found.asked.append((self.path, dict(self.headers), sent))
            found.speaks.wait(30)
            with suppress(OSError):  # the client hangs up on what is too long or too late
                self.send_response(found.status)
                for name, value in found.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(found.body)

        def log_message(self, *_words: object) -> None:
            """Nothing: the tests look at what was asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    settings.REPRESENT_URL = f"http://127.0.0.1:{server.server_port}"
    yield found
    found.speaks.set()
    server.shutdown()
    server.server_close()
    thread.join()


# --- the client ------------------------------------------------------------------------------


def test_only_the_postal_code_is_sent(service: Service) -> None:
    represent.ask("V3B 1A1")
    ((path, headers, body),) = service.asked
    assert (path, body) == ("/postcodes/V3B1A1/", b"")
    assert headers.keys() <= {"Host", "Accept", "Accept-Encoding"}


def test_ridings_and_members_of_the_house_are_read(service: Service) -> None:
    service.answers(answers.answer([answers.district(NAME)], [answers.member("Ron Example", NAME)]))
    assert represent.ask("V3B 1A1") == represent.Answer(
        [NAME], [represent.Representative("Ron Example", "Independent", NAME)]
    )


def test_what_is_found_both_ways_counts_once(service: Service) -> None:
    found, other = answers.district(NAME), answers.district("Port Moody", code=59025)
    member = answers.member("Ron Example", NAME)
    service.answers(
        answers.answer(
            [found],
            [member],
            boundaries_concordance=[found, other],
            representatives_concordance=[member],
        )
    )
    answer = represent.ask("V3B 1A1")
    assert sorted(answer.ridings) == [NAME, "Port Moody"]
    assert [each.name for each in answer.representatives] == ["Ron Example"]


def test_older_borders_are_left_aside(service: Service) -> None:
    plain = "federal-electoral-districts"
    old = answers.district("Old Name", borders=plain)
    service.answers(answers.answer([old, answers.district(NAME)], []))
    assert represent.ask("V3B 1A1").ridings == [NAME]
    service.answers(answers.answer([old], []))
    assert represent.ask("V3B 1A1").ridings == ["Old Name"]


def test_lists_may_be_missing_or_null(service: Service) -> None:
    service.answers(b'{"code": "V3B1A1", "boundaries_centroid": null}')
    assert represent.ask("V3B 1A1") == represent.Answer([], [])


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, represent.UnknownCodeError),
        (429, represent.AwayError),
        (503, represent.AwayError),
        (302, represent.StrangeAnswerError),
        (400, represent.StrangeAnswerError),
    ],
)
def test_other_answers_have_names(
    service: Service, status: int, error: type[represent.RepresentError]
) -> None:
    service.answers(b"{}", status, Location=f"{ADDRESS}elsewhere")
    with pytest.raises(error):
        represent.ask("V3B 1A1")
    assert len(service.asked) == 1  # a redirect is not followed


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b"null",
        b'{"boundaries_centroid": [{"name": "X"}]}',
        b'{"representatives_centroid": [{"elected_office": "MP"}]}',
        b'{"boundaries_centroid": ["X"]}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_an_answer_of_another_shape_is_refused(service: Service, body: bytes) -> None:
    service.answers(body)
    with pytest.raises(represent.StrangeAnswerError):
        represent.ask("V3B 1A1")


def test_an_answer_that_is_too_large_is_refused(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = answers.answer([answers.district(NAME)], [])
    service.answers(body)
    monkeypatch.setattr(represent, "LARGEST", len(body))
    assert represent.ask("V3B 1A1").ridings == [NAME]
    monkeypatch.setattr(represent, "LARGEST", len(body) - 1)
    with pytest.raises(represent.StrangeAnswerError):
        represent.ask("V3B 1A1")


def test_a_silent_service_is_away(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(represent, "TIMEOUT", 0.1)
    service.speaks.clear()
    with pytest.raises(represent.AwayError):
        represent.ask("V3B 1A1")


def test_an_answer_that_drips_in_is_given_up(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.answers(answers.answer([], []))
    instants = iter([0.0, represent.TIMEOUT + 1])
    monkeypatch.setattr(represent, "monotonic", lambda: next(instants))
    with pytest.raises(represent.AwayError):
        represent.ask("V3B 1A1")


def test_a_service_that_is_not_there_is_away(settings: Settings) -> None:
    settings.REPRESENT_URL = "http://127.0.0.1:1"
    with pytest.raises(represent.AwayError):
        represent.ask("V3B 1A1")


# --- beside our list -------------------------------------------------------------------------


def _said(*people_of: tuple[str, str], ridings: tuple[str, ...] = (NAME,)) -> represent.Answer:
    members = [represent.Representative(name, "Independent", riding) for name, riding in people_of]
    return represent.Answer(list(ridings), members)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ("Zoë Gagné", "Zoe Gagne", Verdict.AGREES),
        ("Ron Example", "Ann Other", Verdict.OTHER_PERSON),
        ("", "Ann Other", Verdict.VACANT_HERE),
        ("Ron Example", "", Verdict.NOT_NAMED),
    ],
)
def test_our_list_agrees_or_not(ours: str, theirs: str, verdict: Verdict) -> None:
    riding = make.riding()
    if ours:
        parliament.member(riding, name=ours)
    parliament.member(riding, name="Who Left", left_on=parliament.CHECKED_ON)
    said = _said((theirs, NAME)) if theirs else _said()
    (row,) = agreeing.compare(said, "V3B 1A1")
    assert (row.riding, row.verdict, str(row.share)) == (riding, verdict, "0.920")


@pytest.mark.django_db
def test_a_riding_is_known_by_its_name_in_either_language() -> None:
    riding = make.riding(24001, "Québec Centre", fsa="G1A")
    riding.name_fr = "Québec-Centre"
    riding.save()
    rows = agreeing.compare(_said(ridings=("quebec centre", "Old Borders")), "V3B 1A1")
    assert [(row.riding, row.share) for row in rows] == [(riding, None), (None, None)]
    assert rows[1].verdict == Verdict.NO_RIDING


@pytest.mark.django_db
def test_a_member_of_a_riding_that_is_not_listed_is_shown_too() -> None:
    member = parliament.member(make.riding(), name="Ron Example")
    (row,) = agreeing.compare(_said(("Ron Example", NAME), ridings=()), "V3B 1A1")
    assert (row.ours, row.verdict) == (member, Verdict.AGREES)


# --- the page --------------------------------------------------------------------------------


@pytest.fixture
def briefer(settings: Settings, db: None) -> Client:
    settings.DEMO = True
    return people.log_in(people.person(Role.BRIEFER))


def _buttons(response: HttpResponse) -> list[Element]:
    return read(response).one("main").all("button")


def test_the_page_says_what_leaves_the_house_and_asks_only_when_pressed(
    service: Service, briefer: Client
) -> None:
    response = briefer.get(f"{ADDRESS}?postal_code=V3B+1A1")
    assert "the postal code that you typed, and nothing else" in main_text(response)
    assert [button.text for button in _buttons(response)] == ["Ask Represent"]
    assert service.asked == []


def test_the_answer_stands_beside_our_list_and_is_not_stored(
    service: Service, briefer: Client
) -> None:
    parliament.member(make.riding(), name="Ron Example")
    service.answers(answers.answer([answers.district(NAME)], [answers.member("Ann Other", NAME)]))
    before = all_rows()
    text = main_text(briefer.post(ADDRESS, {"postal_code": "v3b1a1"}))
    assert "Represent on V3B 1A1" in text
    assert "Our list has somebody else" in text
    assert all(word in text for word in (NAME, "Ann Other", "Ron Example", "92%", "House list of"))
    assert all_rows() == before


@pytest.mark.parametrize(
    ("status", "answered", "said"),
    [
        (503, 503, "Represent does not answer now. Try again in a minute."),
        (400, 502, "Represent answered something that we cannot read."),
    ],
)
def test_a_failure_says_what_to_do_and_keeps_what_was_typed(
    service: Service, briefer: Client, status: int, answered: int, said: str
) -> None:
    service.answers(b"", status)
    response = briefer.post(ADDRESS, {"postal_code": "V3B 1A1"})
    assert response.status_code == answered
    assert said in main_text(response)
    assert b'value="V3B 1A1"' in response.content


def test_a_code_that_the_service_does_not_know_is_an_error_at_the_field(
    service: Service, briefer: Client
) -> None:
    service.answers(b"", 404)
    response = briefer.post(ADDRESS, {"postal_code": "V3B 1A1"})
    assert response.status_code == 422
    assert field_errors(response) == {"postal_code": ["Represent does not know this postal code"]}


def test_what_is_no_postal_code_is_not_sent(service: Service, briefer: Client) -> None:
    assert briefer.post(ADDRESS, {"postal_code": "../boundaries"}).status_code == 422
    assert service.asked == []


def test_it_is_off_unless_set(
    briefer: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.REPRESENT_URL == ""
    asked: list[str] = []
    monkeypatch.setattr(represent, "_get", asked.append)
    parliament.member(make.riding())
    for response in (briefer.get(ADDRESS), briefer.post(ADDRESS, {"postal_code": "V3B 1A1"})):
        assert "This is switched off: nothing leaves this server." in main_text(response)
        assert (response.status_code, _buttons(response), asked) == (200, [], [])
    assert ADDRESS not in briefer.get("/desk/parliament/").content.decode()
    settings.REPRESENT_URL = "https://represent.example"
    assert ADDRESS in briefer.get("/desk/parliament/").content.decode()


@pytest.mark.django_db
def test_nobody_is_asked_while_people_sign(service: Service, petition: Petition) -> None:
    make.riding()
    make.confirmed(petition)
    assert service.asked == []
