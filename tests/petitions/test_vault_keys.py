"""A vault's key changes while people sign: the list stays whole, the former key opens nothing."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from nacl.public import PrivateKey

from campaign.doctor import keys as doctor
from petitions.domain import exporting, key_slots, vault, vault_keys, vault_sessions, withdrawing
from petitions.domain.passphrases import WeakPassphraseError
from petitions.domain.vault import VaultError
from petitions.domain.vault_keys import ChangeError
from petitions.models import AuditEvent, ExportRecord, KeySlot, Petition, Signature, Vault
from petitions.models.exports import ExportField
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

NEW = "another horse, another battery, other staples"
PEOPLE = ["Sok Dara", "Chan Bopha", "Keo Sophea"]


@pytest.fixture
def signed(petition: Petition) -> Petition:
    for name in PEOPLE:
        make.confirmed(petition, name=name)
    return petition


def _change(petition: Petition) -> tuple[Vault, PrivateKey]:
    row, _code = vault_keys.change(petition, opened_with=make.PASSPHRASE, passphrase=NEW)
    return row, vault.open_vault(row, NEW)


def _settle() -> None:
    Vault.objects.update(changed_at=timezone.now() - vault_keys.SETTLED - timedelta(seconds=1))


def _names(petition: Petition, key: PrivateKey) -> list[str]:
    """The names that an export gives."""
    wanted = exporting.Settings(
        purpose=ExportRecord.Purpose.CHECK,
        reason="Drill",
        recipient="Nobody",
        fields=[ExportField.NAME],
        province="",
        riding=None,
        file_format=ExportRecord.Format.PLAIN,
    )
    record = exporting.start(petition, wanted, by=people.person())
    lines = b"".join(exporting.stream(record, key)).decode().splitlines()
    return [name for (name,) in csv.reader(lines[1:-1])]


def test_whoever_had_the_vault_open_opens_it_anew(signed: Petition) -> None:
    keeper = people.person()
    secret = vault_sessions.begin(signed, make.PASSPHRASE, by=keeper)
    _change(signed)
    assert vault_sessions.find(signed, secret, by=keeper) is None


def test_the_new_key_alone_opens_the_list_at_the_end(signed: Petition) -> None:
    former = vault.open_vault(signed.vault, make.PASSPHRASE)
    row, key = _change(signed)
    assert vault_keys.move(row, key) == vault_keys.Moved(6, 0, is_over=False)
    _settle()
    assert vault_keys.move(row, key) == vault_keys.Moved(0, 0, is_over=True)
    row.refresh_from_db()
    assert row.former_key is None
    assert _names(signed, key) == PEOPLE
    for signature in Signature.objects.all():
        whose = {"petition": signed.public_id, "signature": signature.public_id}
        assert vault.unseal(key, signature.box_email or b"", **whose)["email"]
        for box in (signature.box_person, signature.box_email):
            with pytest.raises(VaultError):
                vault.unseal(former, box or b"", **whose)


def test_what_opened_the_vault_before_opens_it_no_more(signed: Petition) -> None:
    row, key = _change(signed)
    assert row.slots.count() == 2
    with pytest.raises(VaultError):
        vault.open_vault(row, make.PASSPHRASE)
    assert bytes(key.public_key) == bytes(row.public_key)
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.VAULT_KEYED).count() == 1


def test_killed_anywhere_it_goes_on_and_the_list_is_whole_half_way(
    signed: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, key = _change(signed)
    _settle()
    monkeypatch.setattr(vault_keys, "_BATCH", 2)
    replace = vault_keys._replace
    left = iter([True, False, True, True, False, False, True, True, True])

    def dying(*args: object) -> int:
        if not next(left):
            raise KeyboardInterrupt
        return replace(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(vault_keys, "_replace", dying)
    for _turn in range(3):
        with pytest.raises(KeyboardInterrupt):
            vault_keys.move(row, key)
        assert _names(signed, key) == PEOPLE
    assert vault_keys.move(row, key) == vault_keys.Moved(3, 0, is_over=True)
    assert _names(signed, key) == PEOPLE


def test_a_form_that_came_before_the_change_is_not_lost(signed: Petition) -> None:
    before = Petition.objects.select_related("vault").get(pk=signed.pk)
    row, key = _change(signed)
    vault_keys.move(row, key)
    make.confirmed(before, name="Late")
    make.confirmed(Petition.objects.get(pk=signed.pk), name="After")
    assert _names(signed, key) == [*PEOPLE, "Late", "After"]
    _settle()
    assert vault_keys.move(row, key) == vault_keys.Moved(2, 0, is_over=True)
    assert _names(signed, key) == [*PEOPLE, "Late", "After"]


def test_who_erases_their_signature_meanwhile_stays_erased(
    signed: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, key = _change(signed)
    replace = vault_keys._replace

    def late(pk: int, *args: object) -> int:
        withdrawing.erase(Signature.objects.get(pk=pk))
        return replace(pk, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(vault_keys, "_replace", late)
    assert vault_keys.move(row, key).boxes == 0
    assert not Signature.objects.exclude(box_person=None, box_email=None).exists()


def test_a_box_that_no_key_opens_is_told_and_left(signed: Petition) -> None:
    Signature.objects.filter(pk=signed.signatures.earliest("pk").pk).update(box_person=b"noise")
    row, key = _change(signed)
    _settle()
    assert vault_keys.move(row, key) == vault_keys.Moved(5, 1, is_over=True)
    assert bytes(signed.signatures.earliest("pk").box_person or b"") == b"noise"


def test_nothing_changes_without_what_opens_it_or_while_a_change_is_under_way(
    signed: Petition,
) -> None:
    with pytest.raises(VaultError):
        vault_keys.change(signed, opened_with="mistaken", passphrase=NEW)
    with pytest.raises(WeakPassphraseError):
        vault_keys.change(signed, opened_with=make.PASSPHRASE, passphrase="short")
    assert vault.open_vault(Vault.objects.get(), make.PASSPHRASE)
    _change(signed)
    with pytest.raises(ChangeError, match="under way"):
        vault_keys.change(signed, opened_with=NEW, passphrase=make.PASSPHRASE)


def test_a_former_key_is_not_wrapped_again(
    signed: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody makes a new sheet, and the key changes after they have opened the vault."""
    open_vault = vault.open_vault

    def late(*args: object, **options: object) -> PrivateKey:
        key = open_vault(*args, **options)  # type: ignore[arg-type]
        monkeypatch.undo()
        _change(signed)
        return key

    monkeypatch.setattr(vault, "open_vault", late)
    with pytest.raises(VaultError, match="another key"):
        key_slots.renew_sheet(signed.vault, opened_with=make.PASSPHRASE, by=people.person())
    assert KeySlot.objects.filter(vault__petition=signed).count() == 2


def test_the_doctor_names_a_change_that_is_not_through(signed: Petition) -> None:
    assert list(doctor.changed_vaults_are_through()) == []
    row, key = _change(signed)
    (finding,) = doctor.changed_vaults_are_through()
    assert f"{signed.slug}: the former key still opens the list" in finding.text
    _settle()
    vault_keys.move(row, key)
    assert list(doctor.changed_vaults_are_through()) == []


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed at the prompts, in order."""
    answers: list[str] = []
    for module in ("_ceremony", "rotate_vault"):
        monkeypatch.setattr(
            f"petitions.management.commands.{module}.getpass", lambda _prompt: answers.pop(0)
        )
    return answers


def test_the_command_changes_goes_on_and_ends(
    signed: Petition, typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"
    monkeypatch.setattr(vault, "new_recovery_code", lambda: code)
    first, second = io.StringIO(), io.StringIO()
    typed += [make.PASSPHRASE, NEW, NEW, code, NEW]
    call_command("rotate_vault", signed.slug, stdout=first)
    assert code in first.getvalue()
    assert "6 boxes sealed anew." in first.getvalue()
    assert "Run this again 10 minutes after it" in first.getvalue()
    assert vault.is_proved(signed)
    _settle()
    typed += [NEW]
    call_command("rotate_vault", signed.slug, stdout=second)
    assert second.getvalue() == "0 boxes sealed anew.\nThe former key is destroyed.\n"


def test_the_command_refuses_a_wrong_passphrase(signed: Petition, typed: list[str]) -> None:
    typed += ["mistaken", NEW, NEW]
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rotate_vault", signed.slug)
    assert KeySlot.objects.filter(proved_at=None).count() == 0
    with pytest.raises(CommandError, match="no vault"):
        call_command("rotate_vault", make.draft_petition().slug)
