"""Nothing that is still to be mailed is lost when the mail key changes, and none needs the old."""

import io
from datetime import date
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from pytest_django import Settings

from petitions import clock
from petitions.domain import addresses, mail_keys, mailing, paper, signing
from petitions.models import Delivery, PaperBatch, Petition, Signature, Subscription
from petitions.states import DeliveryKind, SignatureState
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

#: Binary columns of which no mail key is needed to read them: boxes, HMACs, digests, files.
_OTHERS = {
    "Signature": {
        *("box_person", "box_email", "email_index", "submission_key"),
        *("mark_name", "mark_postal", "mark_domain"),
    },
    "Supporter": {"email_index"},
    "Delivery": {"address_index"},
    "Subscription": {"email_index"},
    "Suppression": {"email_index"},
    "PaperRow": {"mark", "second_mark", "email_index"},
    "AuditEvent": {"digest"},
    "AuditHead": {"digest", "erased_digest"},
    "ResponseFile": {"content"},
    "Document": {"content"},
    "Vault": {"public_key", "challenge", "former_key"},
    "KeySlot": {"salt", "wrapped_key"},
    "PhotoFile": {"content"},
    "VaultSession": {"ciphertext"},
}


def test_each_binary_column_is_renewed_or_known_to_need_no_mail_key() -> None:
    found = {
        (model.__name__, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.BinaryField)
    }
    renewed = {(rows.model.__name__, column) for rows, column in mail_keys.COLUMNS}
    others = {(model, column) for model, columns in _OTHERS.items() for column in columns}
    assert not renewed & others
    assert found == renewed | others


@pytest.fixture
def keys(settings: Settings) -> list[str]:
    """A new key before the one that all was written under."""
    petition = make.open_petition()
    make.submitted(petition, email="dara@example.org")
    _news(petition)
    written = mailing.WrittenMail("Subject", "Text", "<p>Text</p>")
    mailing.queue(
        DeliveryKind.NOTICE,
        petition=petition,
        address=addresses.lock("own@example.org"),
        address_index=b"i" * 32,
        language="en",
        written=written,
    )
    paper.open_sheet(
        petition,
        place="Hall",
        collected_on=date(2026, 1, 2),
        sheet_number=1,
        collector="Bopha",
        claimed=1,
        is_count_only=False,
        by=people.person(),
    )
    settings.PETITIONS_MAIL_KEYS = [Fernet.generate_key().decode(), *settings.PETITIONS_MAIL_KEYS]
    keys: list[str] = settings.PETITIONS_MAIL_KEYS
    return keys


def _news(petition: Petition) -> None:
    Subscription.objects.create(
        petition=petition,
        address=addresses.lock("news@example.org"),
        email_index=addresses.index("news@example.org", petition),
        language="km",
        created_at=clock.db_instant(),
    )


def test_after_it_the_new_key_alone_opens_all(keys: list[str], settings: Settings) -> None:
    assert sum(each.older for each in mail_keys.kept()) == 5
    assert mail_keys.renew() == 5
    settings.PETITIONS_MAIL_KEYS = keys[:1]
    assert mail_keys.kept() == []
    own = Delivery.objects.get(kind=DeliveryKind.NOTICE)
    assert addresses.unlock(own.address or b"") == "own@example.org"
    assert mailing.WrittenMail.unlock(own.content or b"").subject == "Subject"
    assert addresses.unlock(Signature.objects.get().mail_address or b"") == "dara@example.org"
    assert addresses.unlock(Subscription.objects.get().address) == "news@example.org"
    assert paper.collector(PaperBatch.objects.get()) == "Bopha"


def test_what_is_under_the_newest_key_is_not_touched(keys: list[str]) -> None:
    mail_keys.renew()
    before = bytes(Subscription.objects.get().address)
    assert mail_keys.renew() == 0
    assert bytes(Subscription.objects.get().address) == before


def test_a_run_that_was_killed_is_taken_up_again(
    keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_keys, "_BATCH", 2)
    _die_after(3, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        mail_keys.renew()
    monkeypatch.undo()
    assert sum(each.older for each in mail_keys.kept()) == 2
    assert mail_keys.renew() == 2
    assert mail_keys.kept() == []


def _die_after(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, left = mail_keys._replace, iter(range(number))

    def dying(*args: object) -> int:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return replace(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(mail_keys, "_replace", dying)


def test_who_signs_confirms_and_changes_meanwhile_wins(
    keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each happens after a row was read, and before it is written."""
    petition = Petition.objects.get()
    changed = make.submitted(petition, email="first@example.org")
    replace = mail_keys._replace
    _under_the_old_key(changed, keys)

    def late(rows: models.Manager[Any], column: str, pk: int, *args: object) -> int:
        if rows.model is Signature:
            if pk == changed.pk:
                signing.change_address(changed, "second@example.org")
            else:
                signing.confirm(Signature.objects.select_related("petition").get(pk=pk))
            make.submitted(petition)
        return replace(rows, column, pk, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(mail_keys, "_replace", late)
    mail_keys.renew()
    changed.refresh_from_db()
    assert addresses.unlock(changed.mail_address or b"") == "second@example.org"
    confirmed = Signature.objects.get(state=SignatureState.CONFIRMED)
    assert confirmed.mail_address is None
    assert mail_keys.kept() == []


def _under_the_old_key(signature: Signature, keys: list[str]) -> None:
    old = Fernet(keys[-1]).encrypt(addresses.unlock(signature.mail_address or b"").encode())
    Signature.objects.filter(pk=signature.pk).update(mail_address=old)


def test_the_command_tells_what_it_did(keys: list[str]) -> None:
    told = io.StringIO()
    call_command("rotate_mail_key", stdout=told)
    assert told.getvalue() == "5 put under the newest key.\n0 need an older key.\n"


def test_the_command_says_when_a_key_was_dropped_too_early(
    keys: list[str], settings: Settings
) -> None:
    settings.PETITIONS_MAIL_KEYS = keys[:1]
    told = io.StringIO()
    with pytest.raises(CommandError, match="put it back last"):
        call_command("rotate_mail_key", stdout=io.StringIO(), stderr=told)
    assert "Subscription.address: 0 need an older key, 1 open with none." in told.getvalue()
