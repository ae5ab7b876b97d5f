"""The audit log: what it keeps, and that every change of it is found."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from petitions.domain import auditing, lifecycle, reminding, vault
from petitions.domain.auditing import Kind
from petitions.models import AuditEvent, AuditHead, Petition
from petitions.states import PetitionState
from petitions.tasks import advance, tidy
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


def _lines() -> list[tuple[str, int | None, dict[str, object]]]:
    found = AuditEvent.objects.order_by("pk")
    return [(each.kind, each.actor, each.detail) for each in found]


def _chain(number: int = 5) -> None:
    for turn in range(number):
        auditing.record(Kind.REMINDED, by=None, number=turn)
    assert auditing.seal() == number
    assert auditing.verify().problems == []


# --- what it keeps ---------------------------------------------------------------------------


def test_a_move_and_its_line_stand_or_fall_together() -> None:
    person, petition = people.person(), make.draft_petition()
    lifecycle.move(petition, PetitionState.IN_TRANSLATION, by=person)
    with pytest.raises(lifecycle.MoveError):
        lifecycle.move(petition, PetitionState.CERTIFIED, by=person)
    assert _lines() == [("moved", person.pk, {"origin": "draft", "to": "in_translation"})]
    assert AuditEvent.objects.get().petition == petition


def test_pauses_reminders_and_vaults_are_kept(petition: Petition, set_clock: SetClock) -> None:
    person = people.person()
    AuditEvent.objects.all().delete()
    lifecycle.pause(petition, by=person, reason="a test")
    lifecycle.resume(petition, by=person)
    waiting = make.submitted(petition)
    yesterday = timezone.now() - timedelta(hours=25)
    type(waiting).objects.update(link_sent_at=yesterday, mail_queued_at=None)
    waiting.deliveries.update(state="sent", created_at=yesterday, sent_at=yesterday, address=None)
    reminding.remind(petition, by=person)
    vault.create(make.draft_petition(), passphrase=make.PASSPHRASE, by=person)
    assert [line[:2] for line in _lines()] == [
        (kind, person.pk) for kind in ("paused", "resumed", "reminded", "vault_made")
    ]


# --- the chain -------------------------------------------------------------------------------


def test_lines_are_sealed_once_in_their_order_and_by_the_minutes_job() -> None:
    _chain(3)
    auditing.record(Kind.REMINDED, by=None, number=9)
    advance()
    assert auditing.seal() == 0
    sealed = AuditEvent.objects.order_by("pk").values_list("position", flat=True)
    assert list(sealed) == [1, 2, 3, 4]
    assert auditing.verify().lines == 4


Tampering = Callable[[AuditEvent], object]


def _with(**values: object) -> Tampering:
    return lambda line: AuditEvent.objects.filter(pk=line.pk).update(**values)


def _copied(line: AuditEvent) -> object:
    """A forged line after the others, with the digest of a true one."""
    line.pk, line.position = None, 6
    return line.save(force_insert=True)


def _swapped(line: AuditEvent) -> object:
    other = AuditEvent.objects.get(position=(line.position or 0) + 1)
    AuditEvent.objects.filter(pk=line.pk).update(detail=other.detail)
    return AuditEvent.objects.filter(pk=other.pk).update(detail=line.detail)


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (_with(detail={"number": 99}), "line 3 is not as it was sealed"),
        (_with(kind="moved"), "line 3 is not as it was sealed"),
        (_with(actor=7), "line 3 is not as it was sealed"),
        (_with(petition_id=7), "line 3 is not as it was sealed"),
        (_with(happened_at=timezone.now()), "line 3 is not as it was sealed"),
        (_with(digest=bytes(32)), "line 3 is not as it was sealed"),
        (_with(position=None, digest=None), "line 3 is missing"),
        (_swapped, "line 3 is not as it was sealed"),
        (_copied, "the chain ends at line 6, and should at line 5"),
        (lambda line: line.delete(), "line 3 is missing"),
        (
            lambda _line: AuditEvent.objects.filter(position__gte=4).delete(),
            "the chain ends at line 3, and should at line 5",
        ),
        (
            lambda _line: AuditHead.objects.update(position=4),
            "the chain ends at line 5, and should at line 4",
        ),
    ],
)
def test_every_tampering_is_found(tamper: Tampering, problem: str) -> None:
    _chain()
    tamper(AuditEvent.objects.get(position=3))
    assert problem in auditing.verify().problems


def test_a_chain_made_anew_is_found_by_a_digest_noted_before() -> None:
    _chain()
    noted = auditing.verify().digest
    assert auditing.verify(noted).problems == []
    AuditEvent.objects.all().delete()
    AuditHead.objects.all().delete()
    _chain()
    (problem,) = auditing.verify(noted).problems
    assert "made anew" in problem
    assert auditing.verify("no digest at all").problems == [problem]


def test_lines_that_nobody_seals_are_told(set_clock: SetClock) -> None:
    auditing.record(Kind.REMINDED, by=None)
    set_clock(timezone.now() + timedelta(minutes=11))
    assert auditing.verify().problems == ["1 lines wait to be sealed: does the worker run?"]


def test_the_command_tells_the_end_and_fails_on_what_it_finds() -> None:
    _chain(2)
    output = StringIO()
    call_command("verify_audit", stdout=output)
    assert output.getvalue() == f"2 lines hold. The last has {auditing.verify().digest}.\n"
    AuditEvent.objects.filter(position=1).update(actor=7)
    with pytest.raises(CommandError, match="line 1 is not as it was sealed"):
        call_command("verify_audit")


# --- age -------------------------------------------------------------------------------------


def test_lines_go_after_two_years_and_the_rest_still_holds(set_clock: SetClock) -> None:
    make.draft_petition()  # the clock is read from its table
    _chain(3)
    set_clock(timezone.now() + auditing.KEPT - timedelta(days=1))
    tidy()
    assert AuditEvent.objects.count() == 3
    auditing.record(Kind.REMINDED, by=None, number=9)
    auditing.seal()
    set_clock(timezone.now() + auditing.KEPT + timedelta(days=1))
    tidy()
    assert [each.position for each in AuditEvent.objects.all()] == [4]
    assert auditing.verify().problems == []
    AuditEvent.objects.update(actor=7)
    assert auditing.verify().problems == ["line 4 is not as it was sealed"]
