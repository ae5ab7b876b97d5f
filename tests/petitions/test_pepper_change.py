"""A petition gets another pepper while people sign: nobody counts twice, nobody is forgotten."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from nacl.public import PrivateKey
from pytest_django import Settings

from campaign.doctor import keys as doctor
from petitions import peppers
from petitions.domain import (
    addresses,
    delivering,
    mailing,
    pepper_change,
    screening,
    signing,
    vault,
    vault_keys,
    withdrawing,
)
from petitions.domain.pepper_change import Changed, PepperError
from petitions.models import (
    AuditEvent,
    Delivery,
    PaperRow,
    Petition,
    Signature,
    Subscription,
    Supporter,
    Suppression,
)
from petitions.states import DeliveryKind, DeliveryState, PaperState
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

FORMER, NEWER = "a former pepper of the site", "a newer pepper of the site"
EMAIL = "dara@example.org"


@pytest.fixture
def petition(db: None, settings: Settings) -> Petition:
    settings.PETITIONS_INDEX_PEPPER = FORMER
    return make.open_petition()


def _with_both(settings: Settings) -> None:
    settings.PETITIONS_INDEX_PEPPER = NEWER
    settings.PETITIONS_INDEX_PEPPER_FALLBACKS = [FORMER]


def _key(petition: Petition) -> PrivateKey:
    return vault.open_vault(petition.vault, make.PASSPHRASE)


def _change(petition: Petition, settings: Settings) -> Changed:
    _with_both(settings)
    return pepper_change.change(petition, _key(petition))


def _anew(petition: Petition) -> Petition:
    return Petition.objects.select_related("vault").get(pk=petition.pk)


def test_who_has_signed_is_known_as_before(petition: Petition, settings: Settings) -> None:
    signature = make.confirmed(petition, email=EMAIL, wants_news=True)
    assert _change(petition, settings) == Changed(1, 0, 0)
    again = make.submitted(_anew(petition), email=EMAIL)
    assert signing.confirm(again) == signing.Outcome.ALREADY
    signature.refresh_from_db()
    assert bytes(signature.email_index or b"") == addresses.index(EMAIL, _anew(petition))
    assert withdrawing.wants_news(signature)


def test_nothing_that_the_former_pepper_gives_is_left(
    petition: Petition, settings: Settings
) -> None:
    """Whoever took database and former pepper can ask a later copy of the database nothing."""
    emails = [EMAIL, "typed.wrong@example.org", "news@example.org", "supporter@example.org"]
    moving = make.submitted(petition, email=emails[1])
    signing.change_address(moving, EMAIL)
    make.confirmed(petition, email=emails[2], wants_news=True)
    Supporter.objects.create(
        petition=petition,
        address=addresses.lock(emails[3]),
        email_index=addresses.index(emails[3], petition),
        language="en",
        invited_at=timezone.now(),
    )
    delivering.drain()
    before = {addresses.index(email, petition) for email in emails}
    assert _change(petition, settings) == Changed(2, 0, 0)
    columns = (
        (Signature, "email_index"),
        (Delivery, "address_index"),
        (Subscription, "email_index"),
        (Supporter, "email_index"),
    )
    for model, column in columns:
        rows = model._default_manager.exclude(**{column: None})
        assert rows.exists(), model
        assert not before & {bytes(index) for index in rows.values_list(column, flat=True)}, model


def test_mails_count_for_the_caps_of_their_address(petition: Petition, settings: Settings) -> None:
    signature = make.submitted(petition, email=EMAIL)
    delivering.drain()
    _change(petition, settings)
    delivery = Delivery.objects.get(signature=signature)
    assert bytes(delivery.address_index or b"") == addresses.index(EMAIL, _anew(petition))
    make.submitted(_anew(petition), email=EMAIL)
    delivering.drain()
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 1


def test_marks_of_a_burst_go_on(petition: Petition, settings: Settings) -> None:
    marked = make.submitted(petition, name="Keo Sophea", email="a@tiny-mailbox.ca")
    gone = make.submitted(petition)
    Signature.objects.filter(pk=gone.pk).update(**screening.no_marks())
    _change(petition, settings)
    marked.refresh_from_db()
    gone.refresh_from_db()
    expected = screening.marks(_anew(petition), name="Keo Sophea", postal_code="V3B 1A1")
    expected |= screening.domain_mark(_anew(petition), "a@tiny-mailbox.ca")
    assert {name: bytes(getattr(marked, name)) for name in expected} == expected
    assert {getattr(gone, name) for name in expected} == {None}


def test_who_asked_never_to_be_written_to_is_not(petition: Petition, settings: Settings) -> None:
    """One whose address is here, in another row; and one of whom only the entry is left."""
    for email in (EMAIL, "gone@example.org"):
        withdrawing.disown(make.submitted(petition, email=email))
    make.confirmed(petition, email=EMAIL)
    assert _change(petition, settings) == Changed(1, 0, 1)
    left = Suppression.objects.exclude(former_pepper="").get()
    assert left.former_pepper == peppers.name(FORMER)
    present = _anew(petition)
    mailing.queue(
        DeliveryKind.MANAGE,
        petition=None,
        address=addresses.lock("gone@example.org"),
        address_index=addresses.site_index("gone@example.org"),
        language="en",
    )
    delivering.drain()
    for email in (EMAIL, "gone@example.org"):
        make.submitted(present, email=email)
    delivering.drain()
    assert not Delivery.objects.filter(sent_at__isnull=False).exists()
    assert {bytes(row.email_index) for row in Suppression.objects.all()} == {
        addresses.index(email, present) for email in (EMAIL, "gone@example.org")
    }
    assert not Suppression.objects.exclude(former_pepper="").exists()


def test_what_came_in_during_the_change_is_set_right_before_its_link_leaves(
    petition: Petition, settings: Settings
) -> None:
    """The form was read under the former pepper, and stored after the change."""
    make.confirmed(petition, email=EMAIL)
    _change(petition, settings)
    assert petition.pepper_name == peppers.name(FORMER)
    late = make.submitted(petition, email=EMAIL)
    assert bytes(late.email_index or b"") != addresses.index(EMAIL, _anew(petition))
    delivering.drain()
    late.refresh_from_db()
    assert bytes(late.email_index or b"") == addresses.index(EMAIL, _anew(petition))
    assert signing.confirm(late) == signing.Outcome.ALREADY


def test_a_mail_that_was_taken_up_before_the_change_undoes_nothing(
    petition: Petition, settings: Settings
) -> None:
    signature = make.submitted(petition, email=EMAIL)
    _with_both(settings)
    taken_up = mailing.claim()
    assert taken_up is not None
    pepper_change.change(petition, _key(petition))
    # As the worker holds it that read the mail just before it came in anew.
    taken_up.address_index = signature.email_index = b"another"
    taken_up.signature = signature
    pepper_change.settle(taken_up)
    signature.refresh_from_db()
    taken_up.refresh_from_db()
    index = addresses.index(EMAIL, _anew(petition))
    assert bytes(signature.email_index or b"") == bytes(taken_up.address_index or b"") == index


def test_a_round_of_mails_knows_a_pepper_that_changes_within_it(
    petition: Petition, settings: Settings
) -> None:
    for _turn in range(3):
        make.submitted(petition)
    kept: dict[int, Petition] = {}
    first, second = mailing.claim(petitions=kept), mailing.claim(petitions=kept)
    assert first is not None
    assert second is not None
    assert second.petition is first.petition
    _change(petition, settings)
    third = mailing.claim(petitions=kept)
    assert third is not None
    assert third.petition is not None
    assert third.petition.pepper_name == peppers.name(NEWER)


def test_nor_does_it_forget_who_wants_no_mail(petition: Petition, settings: Settings) -> None:
    withdrawing.disown(make.submitted(petition, email=EMAIL))
    _with_both(settings)
    delivery = Delivery.objects.select_related("petition").get()
    pepper_change.change(petition, None)
    delivery.kind, delivery.signature, delivery.address = (
        DeliveryKind.NEWS,
        None,
        addresses.lock(EMAIL),
    )
    pepper_change.settle(delivery)
    assert Suppression.objects.get().former_pepper == peppers.name(FORMER)


def test_a_mail_to_another_address_than_the_signatures_is_left_alone(
    petition: Petition, settings: Settings
) -> None:
    """Whoever is confirmed, and held, changes the address in vain: that mail is dropped."""
    signature = make.submitted(petition, email=EMAIL)
    Signature.objects.filter(pk=signature.pk).update(held_at=timezone.now(), held_rule="staff")
    assert signing.confirm(signature) == signing.Outcome.HELD
    _change(petition, settings)
    signature.petition = present = _anew(petition)
    signing.change_address(signature, "other@example.org")
    delivering.drain()
    signature.refresh_from_db()
    assert bytes(signature.email_index or b"") == addresses.index(EMAIL, present)
    mail = Delivery.objects.latest("pk")
    assert bytes(mail.address_index or b"") == addresses.index("other@example.org", present)


def test_a_person_erases_themselves_by_a_page_from_before_the_change(
    petition: Petition, settings: Settings
) -> None:
    signature = make.confirmed(petition, email=EMAIL, wants_news=True)
    twin = make.submitted(petition, email=EMAIL)
    _change(petition, settings)
    assert withdrawing.erase(signature)
    twin.refresh_from_db()
    assert twin.erased_at is not None
    assert not Subscription.objects.exists()


def test_i_did_not_sign_by_a_page_from_before_the_change_is_heard(
    petition: Petition, settings: Settings
) -> None:
    signature = make.submitted(petition, email=EMAIL)
    _change(petition, settings)
    assert withdrawing.disown(signature)
    index = bytes(Suppression.objects.get().email_index)
    assert index == addresses.index(EMAIL, _anew(petition))


def test_who_has_signed_or_left_between_look_and_change_is_not_missed(
    petition: Petition, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving = make.submitted(petition, email="first@example.org")
    marked = make.submitted(petition, email="marked@example.org")
    stop_writers = pepper_change._stop_writers

    def late() -> None:
        monkeypatch.undo()
        make.confirmed(petition, email=EMAIL)
        signing.change_address(moving, "second@example.org")
        Signature.objects.filter(pk=marked.pk).update(**screening.no_marks())
        stop_writers()

    monkeypatch.setattr(pepper_change, "_stop_writers", late)
    assert _change(petition, settings) == Changed(3, 0, 0)
    present = _anew(petition)
    assert {bytes(row.email_index or b"") for row in Signature.objects.all()} == {
        addresses.index(email, present)
        for email in (EMAIL, "second@example.org", "marked@example.org")
    }
    assert Signature.objects.get(pk=marked.pk).mark_name is None


def test_cut_off_nothing_has_changed_and_begun_again_all_has(
    petition: Petition, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.confirmed(petition, email=EMAIL, wants_news=True)
    before = bytes(Signature.objects.get().email_index or b"")

    def dying(*_args: object) -> None:
        raise KeyboardInterrupt

    for step in ("_write_signatures", "_write_suppressions", "_write_mails"):
        with monkeypatch.context() as patched:
            patched.setattr(pepper_change, step, dying)
            with pytest.raises(KeyboardInterrupt):
                _change(petition, settings)
        assert bytes(Signature.objects.get().email_index or b"") == before
        assert _anew(petition).pepper_name == peppers.name(FORMER)
    assert _change(petition, settings) == Changed(1, 0, 0)
    assert pepper_change.change(_anew(petition), None) == Changed(0, 0, 0)
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.PEPPERED).count() == 1


def test_two_who_change_at_once_change_once(petition: Petition, settings: Settings) -> None:
    make.confirmed(petition)
    _change(petition, settings)
    with pytest.raises(PepperError, match="came first"):
        pepper_change.change(petition, _key(petition))


def test_a_vault_whose_key_is_being_changed_is_read_whole(
    petition: Petition, settings: Settings
) -> None:
    make.confirmed(petition)
    new = "another horse, another battery, other staples"
    row, _code = vault_keys.change(petition, opened_with=make.PASSPHRASE, passphrase=new)
    make.confirmed(_anew(petition))
    _with_both(settings)
    key = vault.open_vault(row, new)
    assert pepper_change.change(_anew(petition), key) == Changed(2, 0, 0)


def test_a_box_that_does_not_open_is_told_and_its_index_stays(
    petition: Petition, settings: Settings
) -> None:
    broken = make.confirmed(petition)
    Signature.objects.filter(pk=broken.pk).update(box_email=b"noise")
    make.confirmed(petition)
    assert _change(petition, settings) == Changed(1, 1, 0)
    assert Signature.objects.get(pk=broken.pk).email_index == broken.email_index


def _sheet(petition: Petition, state: PaperState, number: int) -> None:
    sheet = make.sheet(
        petition, number=number, state=state, accepted=1 if state == PaperState.ACCEPTED else None
    )
    PaperRow.objects.create(
        batch=sheet, position=1, email_index=addresses.index(f"{number}@example.org", petition)
    )


@pytest.mark.parametrize("state", [PaperState.OPEN, PaperState.TO_CHECK, PaperState.MISMATCH])
def test_sheets_that_are_half_way_come_first(
    petition: Petition, settings: Settings, state: PaperState
) -> None:
    _sheet(petition, state, 4)
    with pytest.raises(PepperError, match="half-way: 4"):
        _change(petition, settings)
    assert _anew(petition).pepper_name == peppers.name(FORMER)


def test_lines_of_accepted_sheets_keep_the_address_of_who_is_here_alone(
    petition: Petition, settings: Settings
) -> None:
    make.sheet(petition, number=9)
    for number in (1, 2):
        _sheet(petition, PaperState.ACCEPTED, number)
    make.confirmed(petition, email="1@example.org")
    _change(petition, settings)
    here, gone = PaperRow.objects.order_by("batch__sheet_number")
    assert bytes(here.email_index or b"") == addresses.index("1@example.org", _anew(petition))
    assert gone.email_index is None


def test_mails_of_the_team_are_no_signers(petition: Petition, settings: Settings) -> None:
    staff = people.person()
    index = addresses.site_index(staff.email)
    mailing.queue(
        DeliveryKind.GOAL,
        petition=petition,
        address=addresses.lock(staff.email),
        address_index=index,
        language="en",
    )
    make.confirmed(petition)
    _change(petition, settings)
    row = Delivery.objects.get(kind=DeliveryKind.GOAL)
    assert bytes(row.address_index or b"") == index


def test_tables_that_are_busy_for_a_moment_are_asked_for_again(
    petition: Petition, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.confirmed(petition)
    monkeypatch.setattr(pepper_change, "_PAUSE", 0)
    errors = iter([OperationalError("database is locked")] * 2)

    def busy() -> None:
        if error := next(errors, None):
            raise error

    monkeypatch.setattr(pepper_change, "_stop_writers", busy)
    assert _change(petition, settings) == Changed(1, 0, 0)


@pytest.mark.parametrize(
    ("said", "told"), [("database is locked", PepperError), ("disk is full", OperationalError)]
)
def test_tables_that_cannot_be_had_are_told(
    petition: Petition,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    told: type[Exception],
) -> None:
    make.confirmed(petition)
    monkeypatch.setattr(pepper_change, "_PAUSE", 0)

    def busy() -> None:
        raise OperationalError(said)

    monkeypatch.setattr(pepper_change, "_stop_writers", busy)
    with pytest.raises(told):
        _change(petition, settings)
    assert _anew(petition).pepper_name == peppers.name(FORMER)


# --- by the operator -------------------------------------------------------------------------


def _run(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("rotate_pepper", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    answers: list[str] = []
    module = "petitions.management.commands.rotate_pepper"
    monkeypatch.setattr(f"{module}.getpass", lambda _prompt: answers.pop(0))
    return answers


def test_the_command_asks_for_each_vault_that_somebody_has_signed_to(
    petition: Petition, settings: Settings, typed: list[str]
) -> None:
    make.draft_petition(slug="a-draft")
    make.confirmed(petition)
    withdrawing.disown(make.submitted(petition))
    _with_both(settings)
    typed += [make.PASSPHRASE]
    out, err = _run()
    assert out.splitlines() == [
        "a-draft: 0 signatures.",
        f"{petition.slug}: 1 signatures.",
        "Done: what was asked for is under the newest pepper.",
    ]
    assert "1 addresses asked never to be written to" in err
    assert typed == []
    assert {row.pepper_name for row in Petition.objects.all()} == {peppers.name(NEWER)}


def test_the_command_tells_of_boxes_that_do_not_open(
    petition: Petition, settings: Settings, typed: list[str]
) -> None:
    Signature.objects.filter(pk=make.confirmed(petition).pk).update(box_email=b"noise")
    _with_both(settings)
    typed += [make.PASSPHRASE]
    assert "the boxes of 1 signatures do not open" in _run(petition.slug)[1]


def test_the_command_says_why_it_changed_nothing(
    petition: Petition, settings: Settings, typed: list[str]
) -> None:
    make.confirmed(petition)
    with pytest.raises(CommandError, match="no petition nowhere"):
        _run("nowhere")
    settings.PETITIONS_INDEX_PEPPER = NEWER
    with pytest.raises(CommandError, match="PETITIONS_INDEX_PEPPER_FALLBACKS"):
        _run(petition.slug)
    _with_both(settings)
    typed += ["mistaken"]
    with pytest.raises(CommandError, match="nothing was changed"):
        _run(petition.slug)
    assert _anew(petition).pepper_name == peppers.name(FORMER)


def test_a_pepper_that_is_lost_is_replaced_by_the_vault_alone(
    petition: Petition, settings: Settings, typed: list[str]
) -> None:
    """Who has signed is known again; who said "I did not sign", and has left, is not."""
    make.confirmed(petition, email=EMAIL)
    withdrawing.disown(make.submitted(petition, email="gone@example.org"))
    settings.PETITIONS_INDEX_PEPPER = NEWER
    typed += [make.PASSPHRASE]
    assert _run(petition.slug, "--lost")[1] == ""
    again = make.submitted(_anew(petition), email=EMAIL)
    assert signing.confirm(again) == signing.Outcome.ALREADY


def test_without_its_pepper_a_form_comes_back_with_all_that_was_typed(
    petition: Petition, settings: Settings, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """And mails wait: nothing is lost, and the operator reads what to do (security.md R23)."""
    mailed = make.submitted(petition)
    settings.PETITIONS_INDEX_PEPPER = NEWER
    page = f"/en/petitions/{petition.slug}/sign/"
    response = client.post(page, make.form_data(petition, name="Keo Sophea"))
    assert response.status_code == 503
    assert 'value="Keo Sophea"' in response.content.decode()
    assert "PETITIONS_INDEX_PEPPER_FALLBACKS" in caplog.text
    delivering.drain()
    assert Delivery.objects.get(signature=mailed).state == DeliveryState.QUEUED


def _findings() -> list[tuple[str, str]]:
    return [
        (finding.level.name, finding.text) for finding in doctor.peppers_are_those_of_petitions()
    ]


def test_the_doctor_says_what_a_former_pepper_is_still_for(
    petition: Petition, settings: Settings
) -> None:
    assert _findings() == [("OK", "every petition is under the newest")]
    withdrawing.disown(make.submitted(petition))
    settings.PETITIONS_INDEX_PEPPER = NEWER
    assert _findings() == [("FAIL", f"nobody can sign {petition.slug}: its pepper is gone")]
    _with_both(settings)
    assert _findings() == [("WARN", f"under a former one: {petition.slug}")]
    pepper_change.change(petition, None)
    assert _findings() == [("OK", "1 who want no mail are known by a former one: keep it")]
    Suppression.objects.all().delete()
    assert _findings() == [("WARN", "nothing needs a former one")]
