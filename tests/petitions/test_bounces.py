"""Reports of mails that did not arrive, as servers write them (`bounces/`), and what follows."""

import io
import sys
from datetime import timedelta
from email import message_from_string
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from petitions.domain import bounces, delivering, mailing, news_mails, reminding
from petitions.domain.bounces import Outcome, Report
from petitions.models import Delivery, Petition, Signature, Subscription
from petitions.states import DeliveryKind, DeliveryState
from tests.factories import news_mails as news
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "bounces"
#: The identifier in all of them.
OURS = UUID("11111111-2222-4333-8444-555555555555")
HARD = {
    "postfix-unknown-user": "5.1.1",
    "postfix-no-such-host": "5.4.4",
    "exim-unrouteable": "5.0.0",
    "gmail-no-such-address": "5.1.1",
    "exchange-not-found": "5.1.10",
    "amazon-ses": "5.0.0",
    "qmail-no-mailbox": "5.1.1",
    "plain-reply-code": "5.0.0",
}
SOFT = {
    "postfix-headers-only-full": "5.2.2",
    "postfix-expired": "4.4.1",
    "gmail-over-quota": "5.2.2",
    "outlook-policy": "5.7.1",
}
#: Answers of people and machines, and reports of something else than a failure.
OTHERS = {
    "postfix-delayed",
    "exim-plain-warning",
    "relayed",
    "out-of-office",
    "challenge",
    "read-receipt",
}


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round lasts until all that is due has left, however slow the machine is."""
    monkeypatch.setattr(delivering, "ROUND_SECONDS", 60.0)


def _text(sample: str) -> str:
    return (SAMPLES / f"{sample}.eml").read_text()


def test_every_sample_is_known() -> None:
    assert {path.stem for path in SAMPLES.iterdir()} == {*HARD, *SOFT, *OTHERS}


def test_reports_are_read_as_servers_write_them() -> None:
    found = {sample: bounces.read(message_from_string(_text(sample))) for sample in HARD | SOFT}
    assert found == {sample: Report(OURS, status) for sample, status in (HARD | SOFT).items()}
    assert {sample for sample, report in found.items() if report and report.is_hard} == set(HARD)


@pytest.mark.parametrize("sample", sorted(OTHERS))
def test_other_answers_are_no_reports(sample: str) -> None:
    assert bounces.read(message_from_string(_text(sample))) is None


@pytest.mark.parametrize("sample", sorted(HARD | SOFT))
def test_a_report_without_our_identifier_is_none(sample: str) -> None:
    foreign = _text(sample).replace(str(OURS), "CAF-1234.5678")
    assert bounces.read(message_from_string(foreign)) is None


# --- what follows ----------------------------------------------------------------------------


def _sent(petition: Petition, **changes: str) -> Delivery:
    """The mail about a signature, which has left under the samples' identifier."""
    signature = make.submitted(petition, **changes)
    delivering.drain()
    Delivery.objects.filter(public_id=OURS).update(public_id=uuid4())
    Delivery.objects.filter(signature=signature).update(public_id=OURS)
    return Delivery.objects.get(public_id=OURS)


def _take_in(sample: str) -> Outcome:
    return bounces.take_in(message_from_string(_text(sample)))


def test_our_mails_carry_the_identifier_twice(petition: Petition) -> None:
    from django.core import mail

    delivery = _sent(petition)
    headers = mail.outbox[-1].extra_headers
    assert headers["X-Mail-ID"] in headers["Message-ID"]
    assert delivery.state == DeliveryState.SENT


def test_a_mail_refused_for_good_is_a_refused_one(petition: Petition) -> None:
    delivery = _sent(petition)
    assert _take_in("postfix-unknown-user") == Outcome.HARD
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem) == (DeliveryState.BOUNCED, "report 5.1.1")
    assert _take_in("postfix-unknown-user") == Outcome.KNOWN


def test_nothing_of_the_report_is_kept_but_its_code(petition: Petition) -> None:
    delivery = _sent(petition)
    _take_in("gmail-no-such-address")
    delivery.refresh_from_db()
    kept = "".join(str(getattr(delivery, field.attname)) for field in Delivery._meta.fields)
    assert "@" not in kept
    assert "sok" not in kept


def test_who_was_refused_is_not_reminded(petition: Petition) -> None:
    delivery = _sent(petition)
    past = timezone.now() - timedelta(hours=25)
    Signature.objects.update(created_at=past, link_sent_at=past, mail_queued_at=past)
    Petition.objects.update(opens_at=past)
    Delivery.objects.update(created_at=past, sent_at=past)
    assert reminding.due(petition).count() == 1
    bounces.record(Report(delivery.public_id, "5.1.1"))
    assert reminding.due(petition).count() == 0


def test_for_now_is_for_good_at_the_third_mail(petition: Petition) -> None:
    outcomes = []
    for _turn in range(3):
        _sent(petition, email="sok@example.org")
        Delivery.objects.update(sent_at=timezone.now() - timedelta(hours=2))
        outcomes += [_take_in("postfix-headers-only-full"), _take_in("outlook-policy")]
    assert outcomes == [
        *(Outcome.SOFT, Outcome.KNOWN),
        *(Outcome.SOFT, Outcome.KNOWN),
        *(Outcome.HARD, Outcome.KNOWN),
    ]


def test_a_made_up_report_changes_nothing(petition: Petition) -> None:
    make.submitted(petition)
    delivering.drain()
    assert _take_in("postfix-unknown-user") == Outcome.UNKNOWN
    waiting = make.submitted(petition)
    Delivery.objects.filter(signature=waiting).update(public_id=OURS)
    assert _take_in("postfix-unknown-user") == Outcome.KNOWN  # it has not left
    assert not Delivery.objects.filter(state=DeliveryState.BOUNCED).exists()


def test_news_ends_where_it_does_not_arrive(petition: Petition) -> None:
    news.subscribe(petition, "sok@example.org", "dara@example.org")
    written = news.draft(petition)
    news_mails.start(written, based_on=news_mails.digest(written), by=people.person())
    news_mails.send_due()
    delivering.drain()
    news_mails.send_due()
    first, second = Delivery.objects.filter(kind=DeliveryKind.NEWS).order_by("pk")
    bounces.record(Report(first.public_id, "5.1.1"))
    bounces.record(Report(second.public_id, "4.4.1"))
    left = Subscription.objects.get()
    assert bytes(left.email_index) == bytes(second.address_index or b"")
    written.refresh_from_db()
    done = news_mails.progress(written)
    assert (done.sent, done.refused) == (1, 1)


def test_what_came_back_counts_among_the_mails_of_an_address(petition: Petition) -> None:
    delivery = _sent(petition, email="sok@example.org")
    long_ago = timezone.now() - timedelta(days=2)
    row = Delivery.objects.get(pk=delivery.pk)
    for _turn in range(mailing.MOST_EVER - 1):
        row.pk, row.public_id = None, uuid4()
        row.save(force_insert=True)
    Delivery.objects.update(state=DeliveryState.BOUNCED, sent_at=long_ago)
    make.submitted(petition, email="sok@example.org")
    assert delivering.drain() == 0


# --- how many --------------------------------------------------------------------------------


def test_two_in_a_hundred_refused_raise_an_alarm(petition: Petition) -> None:
    now = timezone.now()
    rows = [
        Delivery(
            kind=DeliveryKind.SIGN,
            petition=petition,
            state=DeliveryState.SENT,
            language="en",
            created_at=now,
            due_at=now,
            sent_at=now,
        )
        for _turn in range(49)
    ]
    Delivery.objects.bulk_create(rows)
    refused = Delivery.objects.filter(pk__in=[row.pk for row in rows[:2]])
    refused.update(state=DeliveryState.BOUNCED)
    few = bounces.refused()
    assert (few.refused, few.mails, few.is_alarming) == (2, 49, False)
    rows[0].pk, rows[0].public_id = None, uuid4()
    rows[0].save(force_insert=True)
    assert bounces.refused().is_alarming
    refused.update(sent_at=None)  # refused at once
    assert bounces.refused().mails == 50
    refused.filter(pk=rows[1].pk).update(state=DeliveryState.SENT, sent_at=now)
    assert not bounces.refused().is_alarming


# --- the command -----------------------------------------------------------------------------


def _run(*options: str) -> str:
    out = io.StringIO()
    call_command("read_bounces", *options, stdout=out)
    return out.getvalue().strip()


def _pipe(monkeypatch: pytest.MonkeyPatch, sample: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(_text(sample).encode())))


def test_one_message_from_the_mail_servers_pipe(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sent(petition)
    _pipe(monkeypatch, "postfix-unknown-user")
    assert _run() == "Messages read: 1 refused for good."


def test_with_the_database_away_the_mail_server_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_report: Report) -> None:
        raise OperationalError

    monkeypatch.setattr(bounces, "record", away)
    _pipe(monkeypatch, "postfix-unknown-user")
    with pytest.raises(CommandError) as refused:
        _run()
    assert refused.value.returncode == 75


@pytest.mark.parametrize("kind", ["maildir", "mbox"])
def test_a_mailbox_loses_its_reports_and_keeps_the_rest(
    petition: Petition, tmp_path: Path, kind: str
) -> None:
    import mailbox

    _sent(petition)
    path = tmp_path / kind
    box = mailbox.Maildir(path) if kind == "maildir" else mailbox.mbox(path)
    for sample in ("postfix-unknown-user", "qmail-no-mailbox", "out-of-office"):
        box.add(_text(sample))
    box.flush()
    box.close()
    told = "Messages read: 1 known already, 1 no report, 1 refused for good."
    assert _run(f"--{kind}", str(path)) == told
    assert _run(f"--{kind}", str(path)) == "Messages read: 1 no report."


def test_a_mailbox_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match="There is no mailbox"):
        _run("--maildir", "/nowhere")
