"""The ceremony step by step, and the recovery code seen once."""

import io
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode
from pytest_django import Settings

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from petitions.domain import vault
from petitions.models import KeySlot, Petition, Vault
from petitions.states import PetitionKind
from tests import pages
from tests.factories import people
from tests.factories import petitions as make
from tests.tables import all_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Petition:
    return make.draft_petition()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged by anybody, from DEBUG up."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    loggers = [root, *map(logging.getLogger, ("django", "petitions", "campaign", "django.request"))]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.addHandler(handler)
        each.setLevel(logging.DEBUG)
    yield stream
    for each, level in zip(loggers, levels, strict=True):
        each.removeHandler(handler)
        each.setLevel(level)


def _path(petition: Petition, step: str = "") -> str:
    return f"/desk/petitions/{petition.slug}/vault/{step}"


def _chosen(**changes: str) -> dict[str, str]:
    return {"passphrase": make.PASSPHRASE, "again": make.PASSPHRASE, **changes}


def _made(keeper: Client, petition: Petition) -> str:
    """Makes the vault on the desk; the recovery code as the sheet shows it."""
    return _code_on(keeper.post(_path(petition), _chosen()))


def _code_on(response: HttpResponse) -> str:
    return pages.read(response).one("p", class_="recovery-code").text


def test_the_whole_ceremony(keeper: Client, draft: Petition) -> None:
    assert pages.heading(keeper.get(_path(draft))) == "Make the vault"
    sheet = keeper.post(_path(draft), _chosen())
    assert sheet.status_code == 200
    assert sheet["Cache-Control"] == "no-store"
    text = pages.main_text(sheet)
    assert draft.title in text
    assert "Kept at" in text
    code = _code_on(sheet)
    assert len(code.split()) == 5

    state = keeper.get(_path(draft))
    assert "This vault is not proved yet" in pages.main_text(state)
    typed = keeper.post(_path(draft, "prove/recovery/"), {"secret": code.lower()})
    assert typed["Location"] == _path(draft)
    assert "This vault is not proved yet" in pages.main_text(keeper.get(_path(draft)))
    keeper.post(_path(draft, "prove/passphrase/"), {"secret": make.PASSPHRASE})
    proved = pages.main_text(keeper.get(_path(draft)))
    assert "This vault is proved. The petition can open." in proved
    assert "0 signatures are sealed to this vault." in proved
    assert vault.is_proved(draft)


def test_the_recovery_code_stands_in_one_answer_and_nowhere_else(
    keeper: Client, draft: Petition, logged: io.StringIO
) -> None:
    sheet = keeper.post(_path(draft), _chosen())
    code = _code_on(sheet)
    answers = [
        keeper.post(_path(draft), _chosen()),
        keeper.get(_path(draft)),
        keeper.get(_path(draft, "prove/recovery/")),
        keeper.post(_path(draft, "prove/recovery/"), {"secret": code}),
        keeper.get(_path(draft)),
        keeper.get(_path(draft, "prove/recovery/")),
        keeper.get("/desk/"),
    ]
    keeper.get("/desk/petitions/no-such-petition/vault/")
    assert "Not Found" in logged.getvalue()
    places = {
        "an answer": "".join(each.content.decode() + str(each.headers) for each in answers),
        "the session": str(dict(keeper.session)),
        "a cookie": str(keeper.cookies),
        "the database": str(all_rows()),
        "the log": logged.getvalue(),
    }
    spellings = {code, code.replace(" ", "-"), code.replace(" ", ""), *code.split()}
    spellings |= {each.encode().hex() for each in spellings}
    found = [place for place, text in places.items() if any(each in text for each in spellings)]
    assert found == []


def test_no_page_shows_a_passphrase_again(keeper: Client, draft: Petition) -> None:
    differing = _chosen(again="something else")
    for data in (differing, _chosen(passphrase="weak weak weak weak"), _chosen()):
        content = keeper.post(_path(draft), data).content.decode()
        assert not any(value in content for value in data.values())


def test_the_form_says_what_to_do(keeper: Client, draft: Petition) -> None:
    cases = {
        "short": {"passphrase": ["The passphrase must have 16 characters or more"]},
        "a" * 20: {
            "passphrase": [
                "This passphrase can be guessed. Add words that have nothing to do with it"
            ]
        },
        "": {
            "passphrase": ["Enter a passphrase"],
            "again": ["Enter the same passphrase again"],
        },
    }
    for typed, errors in cases.items():
        response = keeper.post(_path(draft), _chosen(passphrase=typed, again=typed))
        assert response.status_code == 422
        assert pages.field_errors(response) == errors
    response = keeper.post(_path(draft), _chosen(again="something else"))
    assert pages.summary(response) == [
        ("The two passphrases differ: type the same one in both fields", "id_again")
    ]
    assert not Vault.objects.exists()


def test_the_strength_is_told_in_words(keeper: Client, draft: Petition) -> None:
    assert "Strength of your passphrase: good." in pages.main_text(
        keeper.post(_path(draft), _chosen())
    )


def test_the_suggested_passphrase_is_taken_and_another_each_time(
    keeper: Client, draft: Petition
) -> None:
    first, second = (
        pages.read(keeper.get(_path(draft))).one("main").one("code").text for _turn in range(2)
    )
    assert first != second
    assert keeper.post(_path(draft), _chosen(passphrase=first, again=first)).status_code == 200
    vault.open_vault(Vault.objects.get(), first)


def test_a_second_post_makes_no_second_vault(keeper: Client, draft: Petition) -> None:
    _made(keeper, draft)
    before = Vault.objects.get()
    again = keeper.post(_path(draft), _chosen())
    assert again.status_code == 422
    assert pages.summary(again) == [
        ("This petition has a vault already, so no second one was made.", "")
    ]
    assert Vault.objects.get() == before


def test_two_list_keepers_at_once_make_one_vault(
    keeper: Client, draft: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = vault.create

    def somebody_was_faster(petition: Petition, *, passphrase: str, by: User) -> tuple[Vault, str]:
        create(petition, passphrase=make.PASSPHRASE)
        return create(petition, passphrase=passphrase, by=by)

    monkeypatch.setattr(vault, "create", somebody_was_faster)
    response = keeper.post(_path(draft), _chosen())
    assert response.status_code == 422
    assert pages.heading(response) == "Vault"
    assert "has a vault already" in pages.main_text(response)
    assert Vault.objects.count() == 1


@pytest.mark.parametrize(
    ("way", "error"),
    [
        ("passphrase", "This passphrase does not open the vault"),
        (
            "recovery",
            "This code does not open the vault. Compare it with the sheet, group by group",
        ),
    ],
)
def test_a_wrong_secret_proves_nothing(
    way: str, error: str, keeper: Client, draft: Petition
) -> None:
    code = _made(keeper, draft)
    other = code if way == "passphrase" else make.PASSPHRASE
    for wrong in ("mistaken", other):
        response = keeper.post(_path(draft, f"prove/{way}/"), {"secret": wrong})
        assert response.status_code == 422
        assert pages.field_errors(response) == {"secret": [error]}
    assert not KeySlot.objects.filter(proved_at__isnull=False).exists()


def test_a_mistyped_code_stays_to_be_mended_and_a_passphrase_does_not(
    keeper: Client, draft: Petition
) -> None:
    _made(keeper, draft)
    code = keeper.post(_path(draft, "prove/recovery/"), {"secret": "MISTYPED"})
    passphrase = keeper.post(_path(draft, "prove/passphrase/"), {"secret": "MISTYPED"})
    assert "MISTYPED" in code.content.decode()
    assert "MISTYPED" not in passphrase.content.decode()


def test_ten_tries_are_enough(keeper: Client, draft: Petition, settings: Settings) -> None:
    settings.PETITIONS_WEB_PROCESSES = 1
    code = _made(keeper, draft)
    path = _path(draft, "prove/recovery/")
    statuses = [keeper.post(path, {"secret": "mistaken"}).status_code for _turn in range(10)]
    last = keeper.post(path, {"secret": code})
    assert [*statuses, last.status_code] == [*[422] * 10, 429]
    assert code not in last.content.decode()
    assert not KeySlot.objects.filter(proved_at__isnull=False).exists()


@pytest.mark.parametrize("step", ["", "prove/recovery/", "prove/passphrase/"])
def test_a_log_in_older_than_five_minutes_does_nothing(
    step: str, keeper: Client, draft: Petition
) -> None:
    row, code = vault.create(draft, passphrase=make.PASSPHRASE)
    if not step:
        row.delete()
    data = {**_chosen(), "secret": code if "recovery" in step else make.PASSPHRASE}
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        looked = keeper.get(_path(draft, step))
        sent = keeper.post(_path(draft, step), data)
    assert looked["Location"] == (
        "/accounts/reauthenticate/?" + urlencode({"next": _path(draft, step)})
    )
    assert sent.status_code == 403
    assert "Confirm it is you" in pages.main_text(sent)
    assert code not in sent.content.decode()
    assert Vault.objects.exists() is bool(step)
    assert not KeySlot.objects.filter(proved_at__isnull=False).exists()


def test_the_second_factor_must_be_fresh_too(draft: Petition) -> None:
    user = people.person(Role.LIST_KEEPER)
    code = people.second_factor(user)
    client = people.log_in_with_code(user, code)
    assert client.get(_path(draft)).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        if record["method"] == "mfa":
            record["at"] -= 301
    session.save()
    assert client.post(_path(draft), _chosen()).status_code == 403
    assert client.get(_path(draft))["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert not Vault.objects.exists()


def test_an_unproved_vault_can_be_made_anew(keeper: Client, draft: Petition) -> None:
    first = _made(keeper, draft)
    form = pages.read(keeper.get(_path(draft))).one("main").one("form")
    assert form.attributes["action"] == _path(draft, "start-again/")
    assert keeper.post(form.attributes["action"])["Location"] == _path(draft)
    second = _made(keeper, draft)
    assert first != second
    assert keeper.post(_path(draft, "prove/recovery/"), {"secret": first}).status_code == 422
    assert keeper.post(_path(draft, "prove/recovery/"), {"secret": second}).status_code == 302


def test_a_proved_vault_offers_no_way_to_throw_it_away(keeper: Client, petition: Petition) -> None:
    assert not pages.read(keeper.get(_path(petition))).one("main").all("form")
    refused = keeper.post(_path(petition, "start-again/"))
    assert refused.status_code == 422
    assert pages.summary(refused) == [("This vault is proved: it stays.", "")]
    assert Vault.objects.filter(petition=petition).exists()


def test_starting_again_needs_a_fresh_log_in(keeper: Client, draft: Petition) -> None:
    vault.create(draft, passphrase=make.PASSPHRASE)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert keeper.post(_path(draft, "start-again/")).status_code == 403
    assert Vault.objects.exists()


def test_the_page_counts_what_is_sealed_and_leads_to_the_export(
    keeper: Client, petition: Petition
) -> None:
    make.submitted(petition)
    response = keeper.get(_path(petition))
    text = pages.main_text(response)
    assert "1 signature is sealed to this vault." in text
    assert "The petition can open" not in text
    assert f'href="/desk/petitions/{petition.slug}/export/"' in response.content.decode()


def test_both_are_tried_again_after_three_months(keeper: Client, petition: Petition) -> None:
    due = "Three months have passed"
    KeySlot.objects.update(proved_at=timezone.now() - timedelta(days=91))
    assert due not in pages.main_text(keeper.get(_path(petition)))
    KeySlot.objects.filter(kind="recovery").update(proved_at=timezone.now() - timedelta(days=93))
    assert due in pages.main_text(keeper.get(_path(petition)))


def test_what_has_no_vault_to_prove_is_not_there(keeper: Client, draft: Petition) -> None:
    record = make.draft_petition(kind=PetitionKind.RECORD)
    assert keeper.get(_path(record)).status_code == 404
    assert keeper.get(_path(draft, "prove/recovery/")).status_code == 404
    vault.create(draft, passphrase=make.PASSPHRASE)
    assert keeper.get(_path(draft, "prove/recovery/")).status_code == 200
    assert keeper.get(_path(draft, "prove/other/")).status_code == 404


# --- the same on the command line --------------------------------------------------------------


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed at the prompts, in order."""
    answers: list[str] = []
    monkeypatch.setattr(
        "petitions.management.commands._ceremony.getpass", lambda _prompt: answers.pop(0)
    )
    return answers


def test_the_command_makes_and_proves(
    draft: Petition, typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "new_recovery_code", lambda: "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE")
    out, err = io.StringIO(), io.StringIO()
    typed += [make.PASSPHRASE, make.PASSPHRASE, "mistaken", "aaaaa bbbbbcccccdddddeeeee"]
    typed += [make.PASSPHRASE]
    call_command("create_vault", draft.slug, stdout=out, stderr=err)
    assert "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE" in out.getvalue()
    assert "does not open" in err.getvalue()
    assert typed == []
    assert vault.is_proved(draft)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (["a" * 20], "can be guessed"),
        ([make.PASSPHRASE, "something else"], "differ"),
    ],
)
def test_the_command_refuses_what_the_desk_refuses(
    answers: list[str], says: str, draft: Petition, typed: list[str]
) -> None:
    typed += answers
    with pytest.raises(CommandError, match=says):
        call_command("create_vault", draft.slug)
    assert not Vault.objects.exists()


def test_the_command_proves_a_vault_that_is_there(draft: Petition, typed: list[str]) -> None:
    with pytest.raises(CommandError, match="no vault"):
        call_command("create_vault", draft.slug, prove=True)
    _row, code = vault.create(draft, passphrase=make.PASSPHRASE)
    with pytest.raises(CommandError, match="has a vault"):
        call_command("create_vault", draft.slug)
    typed += [code, make.PASSPHRASE]
    call_command("create_vault", draft.slug, prove=True, stdout=io.StringIO())
    assert vault.is_proved(draft)


def test_the_command_knows_no_vault_of_a_record() -> None:
    record = make.draft_petition(kind=PetitionKind.RECORD)
    with pytest.raises(CommandError, match="no petition"):
        call_command("create_vault", record.slug)
