"""Whether an address has signed shows in nothing that the domain does before the mail."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from petitions.domain import mailing, purging, signing, tokens, withdrawing
from petitions.domain.delivering import drain
from petitions.models import Delivery, Petition, Signature
from tests.conftest import SetClock
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
START = datetime(2027, 1, 10, 12, tzinfo=UTC)
ADDRESS = "dara@example.org"


def _hold(petition: Petition) -> None:
    signature = make.submitted(petition, email=ADDRESS)
    Signature.objects.filter(pk=signature.pk).update(held_at=START, held_rule="test")
    signing.confirm(signature)


def _cap(petition: Petition) -> None:
    index = bytes(make.submitted(petition, email=ADDRESS).email_index or b"")
    for _turn in range(mailing.MOST_EVER):
        Delivery.objects.create(
            kind="sign",
            state="sent",
            petition=petition,
            address_index=index,
            language="km",
            created_at=START,
            due_at=START,
            sent_at=START - timedelta(days=2),
        )


#: What an address may have behind it when it is typed into the form.
HISTORIES: dict[str, Callable[[Petition], object]] = {
    "new": lambda petition: None,
    "waiting": lambda petition: make.submitted(petition, email=ADDRESS),
    "counted": lambda petition: make.confirmed(petition, email=ADDRESS, wants_news=True),
    "held": _hold,
    "withdrawn": lambda petition: withdrawing.withdraw(make.confirmed(petition, email=ADDRESS)),
    "erased": lambda petition: withdrawing.erase(make.confirmed(petition, email=ADDRESS)),
    "disowned": lambda petition: withdrawing.disown(make.submitted(petition, email=ADDRESS)),
    "mailed ten times": _cap,
}


@pytest.fixture
def petition(db: None, set_clock: SetClock) -> Petition:
    set_clock(START)
    return make.open_petition(
        opens_at=START - timedelta(days=1), closes_at=START + timedelta(days=100)
    )


def _shape(queries: CaptureQueriesContext) -> list[str]:
    """The statements without their values."""
    shapes = []
    for query in queries.captured_queries:
        text = re.sub(r'"s\d+_x\d+"', "", query["sql"])
        shapes.append(re.sub(r"(VALUES|WHERE|LIMIT) .*", r"\1", text, flags=re.DOTALL))
    return shapes


def _submit(petition: Petition) -> tuple[Signature, list[str]]:
    token = tokens.form_token(petition.public_id, "km")
    answers = make.answers(email=ADDRESS)
    with CaptureQueriesContext(connection) as queries:
        public_id = signing.submit(petition, answers, form_token=token, language="km")
    return Signature.objects.get(public_id=public_id), _shape(queries)


def test_a_submit_runs_the_same_statements_for_every_address(petition: Petition) -> None:
    make.riding()
    shapes = {}
    for name, history in HISTORIES.items():
        here = make.open_petition(opens_at=petition.opens_at, closes_at=petition.closes_at)
        history(here)
        shapes[name] = _submit(here)[1]
    assert len(shapes["new"]) > 2
    assert shapes == dict.fromkeys(HISTORIES, shapes["new"])


def test_a_submit_leaves_the_same_row_and_mail_for_every_address(petition: Petition) -> None:
    rows = {}
    for name, history in HISTORIES.items():
        here = make.open_petition(opens_at=petition.opens_at, closes_at=petition.closes_at)
        history(here)
        signature, _queries = _submit(here)
        (mail,) = signature.deliveries.all()
        row = {
            field.attname: getattr(signature, field.attname)
            for field in Signature._meta.concrete_fields
            if field.name not in {"id", "public_id", "petition", "submission_key", "email_index"}
        }
        boxes = {"box_person", "box_email", "mail_address", "mark_name", "mark_postal"}
        rows[name] = (
            {key: len(value) if key in boxes else value for key, value in row.items()},
            (
                mail.kind,
                mail.state,
                mail.due_at,
                mail.generation,
            ),
        )
    assert rows == dict.fromkeys(HISTORIES, rows["new"])


def test_a_row_and_its_handle_live_equally_long_for_every_address(
    petition: Petition, set_clock: SetClock
) -> None:
    lives = {}
    for name, history in HISTORIES.items():
        set_clock(START)
        here = make.open_petition(opens_at=petition.opens_at, closes_at=petition.closes_at)
        history(here)
        set_clock(START + timedelta(minutes=5))
        signature, _queries = _submit(here)
        for minutes in (5, 7):  # the second mail to an address waits a minute
            set_clock(START + timedelta(minutes=minutes))
            drain()
        lives[name] = _life(here, signature, set_clock)
    assert lives == dict.fromkeys(HISTORIES, (True, False, 0, 1))


def _life(
    petition: Petition, signature: Signature, set_clock: SetClock
) -> tuple[bool, bool, int, int]:
    """Whether the handle lives just before and at the end, and what is purged then."""
    end = signature.created_at + timedelta(days=14)
    others = Signature.objects.exclude(pk=signature.pk)
    others.filter(confirmed_at=None).delete()
    found, purged = [], []
    for instant in (end - timedelta(seconds=1), end):
        set_clock(instant)
        found.append(signing.find_by_handle(petition, signature.public_id) is not None)
        purged.append(purging.purge_pending())
    return found[0], found[1], purged[0], purged[1]


def test_the_code_page_answers_the_same_for_every_address(petition: Petition) -> None:
    answers = {}
    for name, history in HISTORIES.items():
        here = make.open_petition(opens_at=petition.opens_at, closes_at=petition.closes_at)
        history(here)
        signature, _queries = _submit(here)
        found = signing.find_by_handle(here, signature.public_id)
        assert found is not None
        answers[name] = [
            signing.confirm_by_code(found, "wrong") for _turn in range(signing.CODE_TRIES + 1)
        ]
    assert answers == dict.fromkeys(HISTORIES, answers["new"])
