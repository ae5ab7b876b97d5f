"""A vault opened on the desk: two halves, ten minutes, a line for each opening and closing."""

from datetime import timedelta

import pytest

from petitions import clock
from petitions.domain import vault, vault_sessions
from petitions.models import AuditEvent, Petition, VaultSession
from petitions.tasks import advance
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


def _lines() -> list[tuple[str, int | None, dict[str, object]]]:
    found = AuditEvent.objects.filter(kind__startswith="vault_").order_by("pk")
    return [(each.kind, each.actor, each.detail) for each in found if each.kind != "vault_made"]


def test_secret_and_row_together_open_the_vault(petition: Petition) -> None:
    keeper = people.person()
    secret = vault_sessions.begin(petition, make.PASSPHRASE, by=keeper)
    opened = vault_sessions.find(petition, secret, by=keeper)
    assert opened is not None
    assert bytes(opened.key) == bytes(vault.open_vault(petition.vault, make.PASSPHRASE))
    assert opened.closes_at - VaultSession.objects.get().opened_at == timedelta(minutes=10)
    assert _lines() == [("vault_opened", keeper.pk, {})]


def test_neither_half_opens_anything_alone(petition: Petition) -> None:
    keeper = people.person()
    secret = vault_sessions.begin(petition, make.PASSPHRASE, by=keeper)
    row = VaultSession.objects.get()
    key = bytes(vault.open_vault(petition.vault, make.PASSPHRASE))
    assert key not in bytes(row.ciphertext)
    assert secret not in bytes(row.ciphertext)
    for wrong in (b"", b"short", bytes(32), secret[:-1] + bytes([secret[-1] ^ 1])):
        assert vault_sessions.find(petition, wrong, by=keeper) is None
    assert vault_sessions.find(petition, secret, by=people.person()) is None
    assert vault_sessions.find(make.open_petition(), secret, by=keeper) is None
    row.delete()
    assert vault_sessions.find(petition, secret, by=keeper) is None


def test_a_wrong_passphrase_opens_nothing_and_is_noted(petition: Petition) -> None:
    keeper = people.person()
    with pytest.raises(vault.VaultError):
        vault_sessions.begin(petition, "mistaken", by=keeper)
    assert not VaultSession.objects.exists()
    assert _lines() == [("vault_shut", keeper.pk, {})]


def test_opening_again_ends_what_was_open_elsewhere(petition: Petition) -> None:
    keeper = people.person()
    first = vault_sessions.begin(petition, make.PASSPHRASE, by=keeper)
    second = vault_sessions.begin(petition, make.PASSPHRASE, by=keeper)
    assert vault_sessions.find(petition, first, by=keeper) is None
    assert vault_sessions.find(petition, second, by=keeper) is not None
    assert VaultSession.objects.count() == 1


def test_after_ten_minutes_of_the_databases_clock_it_is_over_and_wiped(
    petition: Petition, set_clock: SetClock
) -> None:
    keeper = people.person()
    secret = vault_sessions.begin(petition, make.PASSPHRASE, by=keeper)
    opened = VaultSession.objects.get().opened_at
    set_clock(opened + timedelta(minutes=10) - timedelta(seconds=1))
    advance()
    assert vault_sessions.find(petition, secret, by=keeper) is not None
    set_clock(opened + timedelta(minutes=10))
    assert vault_sessions.find(petition, secret, by=keeper) is None
    advance()
    assert not VaultSession.objects.exists()
    assert _lines()[-1] == ("vault_closed", None, {"person": keeper.pk})


def test_closing_is_noted_once(petition: Petition) -> None:
    keeper = people.person()
    secret = vault_sessions.begin(petition, make.PASSPHRASE, by=keeper)
    for _turn in range(2):
        vault_sessions.close(petition, by=keeper)
    assert vault_sessions.find(petition, secret, by=keeper) is None
    assert [line[:2] for line in _lines()] == [
        ("vault_opened", keeper.pk),
        ("vault_closed", keeper.pk),
    ]


def test_the_hours_are_the_databases(petition: Petition, set_clock: SetClock) -> None:
    """A web server whose own clock is wrong neither opens longer nor shorter."""
    set_clock(clock.db_instant() + timedelta(days=3))
    keeper = people.person()
    secret = vault_sessions.begin(petition, make.PASSPHRASE, by=keeper)
    assert vault_sessions.find(petition, secret, by=keeper) is not None
