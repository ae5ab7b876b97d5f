"""What the doctor says of what must go on by itself."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from campaign.doctor import work
from campaign.doctor.findings import Level
from petitions.domain import bounces, delivering
from petitions.domain.bounces import Refused
from petitions.models import Delivery, KeySlot, Petition, Signature, Tally
from petitions.states import DeliveryKind, DeliveryState, PetitionState
from tests.campaign.doctor.levels import FAIL, OK, WARN, levels, told
from tests.factories import petitions as make


@pytest.mark.parametrize(("minutes", "level"), [(1, OK), (3, WARN), (16, FAIL)])
def test_mail_that_waits_is_told(petition: Petition, minutes: int, level: Level) -> None:
    assert told(work.outbox_moves()) == "is empty"
    since = timezone.now() - timedelta(minutes=minutes)
    Delivery.objects.create(
        kind=DeliveryKind.SIGN,
        state=DeliveryState.QUEUED,
        petition=petition,
        address_index=b"",
        language="en",
        created_at=since,
        due_at=since,
    )
    assert levels(work.outbox_moves()) == [level]


@pytest.mark.parametrize(("minutes", "level"), [(1, OK), (3, FAIL)])
def test_a_petition_that_should_have_closed_is_told(
    petition: Petition, minutes: int, level: Level
) -> None:
    closed = timezone.now() - timedelta(minutes=minutes)
    Petition.objects.filter(pk=petition.pk).update(closes_at=closed)
    assert levels(work.worker_keeps_up()) == [level]


@pytest.mark.parametrize(("minutes", "level"), [(1, OK), (3, FAIL)])
def test_a_total_that_lags_is_told(petition: Petition, minutes: int, level: Level) -> None:
    changed = timezone.now() - timedelta(minutes=minutes)
    Tally.objects.update_or_create(
        petition=petition, defaults={"as_of": changed - timedelta(minutes=1)}
    )
    signature = make.confirmed(petition)
    Signature.objects.filter(pk=signature.pk).update(changed_at=changed)
    assert levels(work.worker_keeps_up()) == [level]
    Tally.objects.update(as_of=timezone.now())
    assert levels(work.worker_keeps_up()) == [OK]


@pytest.mark.parametrize(("days", "level"), [(14, OK), (16, FAIL)])
def test_signatures_that_should_be_gone_are_told(
    petition: Petition, days: int, level: Level
) -> None:
    make.submitted(petition)
    past = timezone.now() - timedelta(days=days)
    Signature.objects.update(created_at=past, first_mail_at=past)
    assert levels(work.purge_keeps_up()) == [level]


@pytest.mark.parametrize(("minutes", "level"), [(9, OK), (11, WARN)])
def test_a_silent_beat_is_told(
    settings: Settings, tmp_path: Path, minutes: int, level: Level
) -> None:
    settings.VAR_DIR = tmp_path
    assert levels(work.clock_rings()) == [WARN]
    written = (timezone.now() - timedelta(minutes=minutes)).timestamp()
    (tmp_path / "beat.db").touch()
    os.utime(tmp_path / "beat.db", (written, written))
    assert levels(work.clock_rings()) == [level]


def proved(petition: Petition, when: datetime | None, state: PetitionState) -> list[Level]:
    KeySlot.objects.filter(vault__petition=petition).update(proved_at=when)
    Petition.objects.filter(pk=petition.pk).update(state=state)
    return levels(work.vaults_are_proved())


def test_a_secret_that_nobody_has_tried_for_long_is_told(petition: Petition) -> None:
    slots = KeySlot.objects.filter(vault__petition=petition).count()
    assert slots > 0
    lately = timezone.now() - timedelta(days=99)
    long_ago = timezone.now() - timedelta(days=101)
    assert proved(petition, lately, PetitionState.OPEN) == [OK]
    for state in (PetitionState.OPEN, PetitionState.SCHEDULED):
        assert proved(petition, long_ago, state) == [WARN] * slots
        assert proved(petition, None, state) == [WARN] * slots
    assert proved(petition, long_ago, PetitionState.CLOSED) == [OK]


def test_a_cap_on_mails_that_is_reached_is_told(petition: Petition, settings: Settings) -> None:
    assert levels(work.mail_caps_leave_room()) == []
    settings.PETITIONS_MAILS_PER_DAY = 1
    assert levels(work.mail_caps_leave_room()) == [OK]
    make.submitted(petition)
    delivering.drain()
    assert levels(work.mail_caps_leave_room()) == [WARN]


@pytest.mark.parametrize(("refused", "level"), [(Refused(2, 100), OK), (Refused(3, 100), WARN)])
def test_many_refused_mails_are_told(
    monkeypatch: pytest.MonkeyPatch, refused: Refused, level: Level
) -> None:
    monkeypatch.setattr(bounces, "refused", lambda: refused)
    assert levels(work.mails_are_taken()) == [level]
