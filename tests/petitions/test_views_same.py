"""Nothing shows whether an address has signed: not text, status, size, queries or what follows."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from petitions.domain import tokens, withdrawing
from petitions.domain.delivering import drain
from petitions.domain.purging import purge_pending
from petitions.models import Petition, Signature
from tests.conftest import SetClock
from tests.factories import petitions as make
from tests.pages import browser, main_text

pytestmark = pytest.mark.django_db

#: Two addresses of one length: the second one may have signed before.
NEW, KNOWN = "dara.new@example.org", "dara.old@example.org"


def _wait(petition: Petition) -> None:
    make.submitted(petition, email=KNOWN)


def _count(petition: Petition) -> None:
    make.confirmed(petition, email=KNOWN, wants_news=True)


def _withdraw(petition: Petition) -> None:
    withdrawing.withdraw(make.confirmed(petition, email=KNOWN))


def _disown(petition: Petition) -> None:
    withdrawing.disown(make.submitted(petition, email=KNOWN))


HISTORIES = {
    "waiting": _wait,
    "counted": _count,
    "withdrawn": _withdraw,
    "disowned": _disown,
}


@dataclass(frozen=True)
class Answer:
    """All that a stranger can compare; lengths where a handle or a token is random."""

    status: int
    headers: dict[str, object]
    length: int
    queries: int


def ask(method: str, path: str, data: dict[str, str] | None = None) -> tuple[HttpResponse, Answer]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = getattr(browser(), method)(path, data or {})
    headers: dict[str, object] = dict(response.headers)
    if "Location" in headers:
        headers["Location"] = len(str(headers["Location"]))
    return response, Answer(
        response.status_code, headers, len(response.content), len(captured.captured_queries)
    )


def sign(petition: Petition, email: str) -> tuple[str, Answer]:
    """The handle's page of a submit, and what the submit answered."""
    path = f"/en/petitions/{petition.slug}/sign/"
    response, answer = ask("post", path, make.form_data(petition, email=email))
    return str(response["Location"]), answer


@pytest.fixture(params=HISTORIES)
def history(request: pytest.FixtureRequest, petition: Petition) -> str:
    HISTORIES[request.param](petition)
    return str(request.param)


@pytest.mark.usefixtures("history")
def test_submit_and_the_page_after_it(petition: Petition) -> None:
    sign(petition, "warm@example.org")
    (page_new, new), (page_known, known) = sign(petition, NEW), sign(petition, KNOWN)
    assert new == known
    (look_new, answer_new), (look_known, answer_known) = (
        ask("get", page_new),
        ask("get", page_known),
    )
    assert answer_new == answer_known
    assert main_text(look_new).replace(NEW, KNOWN) == main_text(look_known)


ACTS = {
    "resend": {"act": "resend"},
    "wrong code": {"act": "code", "code": "000000"},
    "no code": {"act": "code", "code": ""},
    "change the address": {"act": "change", "email": "another.one@example.org"},
    "change to the known address": {"act": "change", "email": KNOWN},
    "change to no address": {"act": "change", "email": "another"},
}


def wrong_code(page: str) -> str:
    handle = tokens.read_handle(page.rstrip("/").rpartition("/")[2])
    right = int(tokens.confirm_code(handle.public_id, 0))
    return f"{(right + 1) % 1_000_000:06d}"


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("mailed", [False, True])
def test_acts_on_the_page_after_it(
    petition: Petition, act: str, set_clock: SetClock, *, mailed: bool
) -> None:
    pages = [sign(petition, email)[0] for email in (NEW, KNOWN)]
    if mailed:
        set_clock(timezone.now() + timedelta(seconds=61))
        drain()
    set_clock(timezone.now() + timedelta(seconds=130))
    found = []
    for page in pages:
        data = dict(ACTS[act])
        if act == "wrong code":
            data["code"] = wrong_code(page)
        response, answer = ask("post", page, data)
        after = str(response["Location"]) if response.status_code == 303 else page
        again = ask("get", after)[1]
        found.append((answer, again))
    assert found[0] == found[1]


@pytest.mark.usefixtures("history")
def test_the_rest_between_two_mails(petition: Petition) -> None:
    found = [ask("post", sign(petition, email)[0], {"act": "resend"})[1] for email in (NEW, KNOWN)]
    assert found[0].status == 429
    assert found[0].queries == found[1].queries
    assert abs(found[0].length - found[1].length) <= 1  # 60 seconds, or 59


@pytest.mark.usefixtures("history")
def test_my_signature(petition: Petition) -> None:
    ask("post", "/en/my-signature/", {"email": "warm@example.org"})
    found = [ask("post", "/en/my-signature/", {"email": email}) for email in (NEW, KNOWN)]
    assert found[0][1] == found[1][1]
    assert found[0][0].content == found[1][0].content


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("drained", [False, True])
def test_the_second_rows_handle_lives_as_long_and_says_the_same(
    petition: Petition, set_clock: SetClock, *, drained: bool
) -> None:
    """Hours and days later too, with the worker at work and its purge each night."""
    pages = [sign(petition, email)[0] for email in (NEW, KNOWN)]
    start = timezone.now()
    lives = {}
    for hours in (0, 1, 7 * 24, 13 * 24, 14 * 24, 31 * 24):
        set_clock(start + timedelta(hours=hours, minutes=2))
        if drained:
            drain()
        purge_pending()
        new, known = (ask("get", page) for page in pages)
        assert new[1] == known[1]
        masked = main_text(new[0]).replace(NEW, KNOWN)
        assert masked == main_text(known[0])
        lives[hours] = new[1].status
    dies = 14 * 24 if drained else 31 * 24
    assert lives == {hours: 404 if hours >= dies else 200 for hours in lives}


@pytest.mark.parametrize("what", ["confirmed", "disowned", "withdrawn", "erased"])
def test_a_row_answers_its_own_handle_the_same_whatever_became_of_it(
    petition: Petition, set_clock: SetClock, what: str
) -> None:
    """Who holds the phone, or typed another's address, cannot see what its owner has pressed."""
    pages = [sign(petition, email)[0] for email in (NEW, KNOWN)]
    drain()
    row = Signature.objects.latest("pk")
    acts = {
        "confirmed": make.signing.confirm,
        "disowned": withdrawing.disown,
        "withdrawn": withdrawing.withdraw,
        "erased": withdrawing.erase,
    }
    acts[what](row)
    set_clock(timezone.now() + timedelta(seconds=130))
    for data in (None, ACTS["no code"], ACTS["resend"], ACTS["change the address"]):
        method = "get" if data is None else "post"
        found = [ask(method, page, data) for page in pages]
        words = [
            response.content.decode().replace(page.split("/")[-2], "").replace(NEW, KNOWN)
            for page, (response, _answer) in zip(pages, found, strict=True)
        ]
        assert found[0][1] == found[1][1]
        assert words[0] == words[1]


def test_a_confirmed_row_locks_and_unlocks_its_code_like_a_waiting_one(
    petition: Petition, set_clock: SetClock
) -> None:
    pages = [sign(petition, email)[0] for email in (NEW, KNOWN)]
    make.signing.confirm(Signature.objects.latest("pk"))
    set_clock(timezone.now() + timedelta(seconds=61))
    guess = {"act": "code", "code": "000000"}
    for page in pages:
        for _turn in range(6):
            ask("post", page, guess)
    changed = [str(ask("post", page, ACTS["change the address"])[0]["Location"]) for page in pages]
    found = [ask("post", page, guess) for page in changed]
    assert main_text(found[0][0]) == main_text(found[1][0])
    assert found[0][1] == found[1][1]
