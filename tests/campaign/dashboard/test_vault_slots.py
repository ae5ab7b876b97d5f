"""The ways to open a vault on the desk: listed, added, renewed, removed."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from petitions.domain import key_slots, vault
from petitions.models import KeySlot, Petition
from tests import pages
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

SECOND = "another horse, another battery, other staples"


@pytest.fixture
def other() -> User:
    return people.person(Role.LIST_KEEPER)


def _path(petition: Petition, step: str = "") -> str:
    return f"/desk/petitions/{petition.slug}/vault/{step}"


def _typed(other: User, **changes: str) -> dict[str, str]:
    return {
        "secret": make.PASSPHRASE,
        "keeper": str(other.pk),
        "label": "password manager",
        "passphrase": SECOND,
        "again": SECOND,
        **changes,
    }


def _added(petition: Petition, other: User) -> KeySlot:
    slot = key_slots.add_passphrase(
        petition.vault,
        opened_with=make.PASSPHRASE,
        passphrase=SECOND,
        keeper=other,
        label="",
        by=other,
    )
    vault.prove(petition.vault, SECOND, kind=KeySlot.Kind.PASSPHRASE)
    return slot


def test_another_list_keeper_gets_a_passphrase_and_proves_it(
    keeper: Client, petition: Petition, other: User
) -> None:
    assert keeper.post(_path(petition, "add/"), _typed(other))["Location"] == _path(petition)
    text = pages.main_text(keeper.get(_path(petition)))
    assert f"Passphrase · {other} · password manager" in text
    assert "not proved yet" in text
    assert "This vault is proved." in text
    keeper.post(_path(petition, "prove/passphrase/"), {"secret": SECOND})
    assert "not proved yet" not in pages.main_text(keeper.get(_path(petition)))


def test_only_who_may_keep_vaults_can_be_chosen(
    keeper: Client, petition: Petition, other: User
) -> None:
    briefer = people.person(Role.BRIEFER)
    response = keeper.post(_path(petition, "add/"), _typed(briefer))
    assert response.status_code == 422
    assert pages.field_errors(response) == {"keeper": ["Select who keeps the new passphrase"]}


def test_the_pages_say_what_is_wrong_and_show_no_secret_again(
    keeper: Client, petition: Petition, other: User
) -> None:
    cases = [
        ("add/", _typed(other, secret="mistaken"), "This does not open the vault"),
        ("add/", _typed(other, again="something else"), "The two passphrases differ"),
        (
            "add/",
            _typed(other, passphrase=make.PASSPHRASE, again=make.PASSPHRASE),
            "This passphrase opens the vault already",
        ),
        ("sheet/", {"secret": "mistaken"}, "This does not open the vault"),
        ("sheet/", {}, "Enter the passphrase of the vault, or the recovery code"),
    ]
    for step, data, error in cases:
        response = keeper.post(_path(petition, step), data)
        assert response.status_code == 422
        assert error in pages.main_text(response)
        content = response.content.decode()
        assert not any(data.get(name, "-" * 20) in content for name in ("secret", "passphrase"))
    assert petition.vault.slots.count() == 2


def test_a_new_sheet_is_shown_once(keeper: Client, petition: Petition) -> None:
    response = keeper.post(_path(petition, "sheet/"), {"secret": make.PASSPHRASE})
    code = pages.read(response).one("p", class_="recovery-code").text
    assert "Strength of your passphrase" not in pages.main_text(response)
    vault.prove(petition.vault, code, kind=KeySlot.Kind.RECOVERY)
    assert petition.vault.slots.filter(kind=KeySlot.Kind.RECOVERY).count() == 2
    assert code.split()[0] not in keeper.get(_path(petition)).content.decode()


def test_what_others_can_spare_is_removed(keeper: Client, petition: Petition, other: User) -> None:
    first = petition.vault.slots.get(kind=KeySlot.Kind.PASSPHRASE)
    assert f"{first.pk}/remove/" not in keeper.get(_path(petition)).content.decode()
    _added(petition, other)
    assert _path(petition, f"{first.pk}/remove/") in keeper.get(_path(petition)).content.decode()
    own = keeper.post(_path(petition, f"{first.pk}/remove/"), {"secret": make.PASSPHRASE})
    assert "This does not open the vault" in pages.main_text(own)
    done = keeper.post(_path(petition, f"{first.pk}/remove/"), {"secret": SECOND})
    assert done["Location"] == _path(petition)
    with pytest.raises(vault.VaultError):
        vault.open_vault(petition.vault, make.PASSPHRASE)


def test_the_last_passphrase_stays(keeper: Client, petition: Petition) -> None:
    _slot, code = key_slots.renew_sheet(
        petition.vault, opened_with=make.PASSPHRASE, by=people.person()
    )
    (only,) = petition.vault.slots.filter(kind=KeySlot.Kind.PASSPHRASE)
    refused = keeper.post(_path(petition, f"{only.pk}/remove/"), {"secret": code})
    assert refused.status_code == 422
    assert "It stays" in pages.main_text(refused)


def test_a_passphrase_of_somebody_who_left_is_named(
    keeper: Client, petition: Petition, other: User
) -> None:
    _added(petition, other)
    warning = "No longer a list keeper: remove this passphrase."
    assert warning not in pages.main_text(keeper.get(_path(petition)))
    User.objects.filter(pk=other.pk).update(role=Role.BRIEFER)
    assert pages.main_text(keeper.get(_path(petition))).count(warning) == 1


def test_a_way_of_another_vault_is_not_there(keeper: Client, petition: Petition) -> None:
    elsewhere = make.open_petition().vault.slots.first()
    assert elsewhere is not None
    assert keeper.get(_path(petition, f"{elsewhere.pk}/remove/")).status_code == 404
    assert keeper.get(_path(make.draft_petition(), "add/")).status_code == 404


@pytest.mark.parametrize("step", ["add/", "sheet/", "{pk}/remove/"])
def test_a_log_in_older_than_five_minutes_does_nothing(
    step: str, keeper: Client, petition: Petition, other: User
) -> None:
    slot = _added(petition, other)
    path = _path(petition, step.format(pk=slot.pk))
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert "/reauthenticate/" in keeper.get(path)["Location"]
        assert keeper.post(path, _typed(other)).status_code == 403
    assert petition.vault.slots.count() == 3


def test_ten_tries_are_enough(keeper: Client, petition: Petition, settings: Settings) -> None:
    settings.PETITIONS_WEB_PROCESSES = 1
    path = _path(petition, "sheet/")
    statuses = [keeper.post(path, {"secret": "mistaken"}).status_code for _turn in range(10)]
    last = keeper.post(path, {"secret": make.PASSPHRASE})
    assert [*statuses, last.status_code] == [*[422] * 10, 429]
    assert petition.vault.slots.count() == 2
