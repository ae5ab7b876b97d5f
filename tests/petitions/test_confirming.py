"""Confirming: what counts, what is held, what an old link says; no error passes for an answer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from petitions.domain import addresses, constraints, signing, tokens, withdrawing
from petitions.domain.signing import Outcome
from petitions.models import Delivery, Petition, Signature, Subscription
from petitions.models.signature import ONE_CONFIRMED_PER_ADDRESS, ONE_PER_SUBMISSION
from petitions.states import DeliveryKind, SignatureState
from tests.conftest import SetClock
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


def _held(petition: Petition, **changes: object) -> Signature:
    """A pending row that a rule has marked for review."""
    signature = make.submitted(petition, **changes)
    Signature.objects.filter(pk=signature.pk).update(held_at=timezone.now(), held_rule="test")
    return Signature.objects.select_related("petition").get(pk=signature.pk)


def _token(signature: Signature, generation: int = 0) -> tokens.ConfirmToken:
    return tokens.read_confirm_token(tokens.confirm_token(signature.public_id, generation))


# --- held for review -------------------------------------------------------------------------


def test_a_held_row_is_confirmed_without_counting_and_keeps_its_address(
    petition: Petition,
) -> None:
    signature = _held(petition, email="dara@example.org")
    assert signing.confirm(signature) == Outcome.HELD
    signature.refresh_from_db()
    assert signature.state == SignatureState.CONFIRMED
    assert signature.confirmed_at is not None
    assert (signature.counted_at, signature.uncounted_at) == (None, None)
    assert addresses.unlock(bytes(signature.mail_address or b"")) == "dara@example.org"
    assert not Signature.objects.counted().exists()


def test_a_second_press_on_a_held_row_says_the_same(petition: Petition) -> None:
    signature = _held(petition)
    signing.confirm(signature)
    assert signing.confirm(signature) == Outcome.HELD
    signature.refresh_from_db()
    assert signing.look(signature, _token(signature)) == Outcome.HELD


def test_a_held_row_is_confirmed_by_its_code(petition: Petition) -> None:
    signature = _held(petition)
    code = tokens.confirm_code(signature.public_id, 0)
    assert signing.confirm_by_code(signature, code) == Outcome.HELD


def test_a_row_held_after_the_page_was_read_is_held(petition: Petition) -> None:
    signature = make.submitted(petition)
    Signature.objects.update(held_at=timezone.now(), held_rule="test")
    assert signing.confirm(signature) == Outcome.HELD


def test_who_is_held_gets_news_but_is_not_told_to_be_counted(petition: Petition) -> None:
    signing.confirm(_held(petition, wants_news=True))
    assert Subscription.objects.count() == 1
    assert not Delivery.objects.filter(kind=DeliveryKind.COUNTED).exists()


def test_a_held_row_is_the_one_of_its_address(petition: Petition) -> None:
    signing.confirm(_held(petition, email="dara@example.org"))
    second = make.submitted(petition, email="dara@example.org")
    assert signing.confirm(second) == Outcome.ALREADY


# --- no error taken for an answer ------------------------------------------------------------


def test_another_broken_rule_is_not_taken_for_already_signed(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = make.submitted(petition, wants_news=True)

    def break_another_rule(*_args: object, **_kwargs: object) -> None:
        Delivery.objects.filter(signature=signature).update(state="unknown")

    monkeypatch.setattr(signing, "_subscribe", break_another_rule)
    with pytest.raises(IntegrityError):
        signing.confirm(signature)
    signature.refresh_from_db()
    assert signature.state == SignatureState.PENDING


def test_another_broken_rule_is_not_taken_for_a_double_submit(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_another_rule(signature: Signature) -> None:
        Signature.objects.filter(pk=signature.pk).update(state="unknown")

    monkeypatch.setattr(signing.mailing, "queue_sign_mail", break_another_rule)
    with pytest.raises(IntegrityError):
        make.submitted(petition)
    assert not Signature.objects.exists()


def test_each_unique_rule_is_known_by_its_name(petition: Petition) -> None:
    first, second = (make.submitted(petition, email="dara@example.org") for _turn in range(2))
    now = timezone.now()
    counted = {"state": "confirmed", "confirmed_at": now, "counted_at": now, "mail_address": None}
    same = {"submission_key": first.submission_key}
    Signature.objects.filter(pk=first.pk).update(**counted)
    for change, name, other in (
        (counted, ONE_CONFIRMED_PER_ADDRESS, ONE_PER_SUBMISSION),
        (same, ONE_PER_SUBMISSION, ONE_CONFIRMED_PER_ADDRESS),
    ):
        error = _refusal(second, change)
        assert constraints.broke(error, Signature, name)
        assert not constraints.broke(error, Signature, other)


def _refusal(signature: Signature, change: dict[str, object]) -> IntegrityError:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Signature.objects.filter(pk=signature.pk).update(**change)
    return refused.value


# --- links and codes -------------------------------------------------------------------------


def test_an_old_link_says_replaced_whatever_became_of_the_row(petition: Petition) -> None:
    """It may lie in the mailbox of somebody else, whose address was typed first."""
    signature = make.submitted(petition, email="somebody.else@example.org")
    signing.change_address(signature, "own@example.org")
    for act in (signing.confirm, withdrawing.withdraw):
        act(signature)
        fresh = signing.find_by_token(_token(signature, 0))
        assert fresh is not None
        assert signing.look(fresh, _token(signature, 0)) == Outcome.REPLACED
        assert signing.look(fresh, _token(signature, fresh.generation)) != Outcome.REPLACED


def test_a_press_of_the_mailed_button_reads_its_row_twice_and_no_box(petition: Petition) -> None:
    token = _token(make.submitted(petition))
    with CaptureQueriesContext(connection) as queries:
        signature = signing.find_by_token(token)
        assert signature is not None
        assert signing.confirm_by_link(signature, token) == Outcome.COUNTED
    statements = [query["sql"] for query in queries if "petitions_" in query["sql"]]
    assert [sql.split()[0] for sql in statements] == ["SELECT", "SELECT", "UPDATE"]
    assert not any("box_" in sql for sql in statements)
    if connection.vendor == "postgresql":
        # The petition's row is read but not locked: others confirm at the same moment.
        assert statements[1].endswith('FOR UPDATE OF "petitions_signature"')


def test_an_older_links_button_counts_nothing(petition: Petition) -> None:
    signature = make.submitted(petition)
    signing.change_address(signature, "own@example.org")
    assert signing.confirm_by_link(signature, _token(signature, 0)) == Outcome.REPLACED
    assert not Signature.objects.counted().exists()
    assert signing.confirm_by_link(signature, _token(signature, 1)) == Outcome.COUNTED


def test_a_changed_address_gives_five_fresh_tries(petition: Petition) -> None:
    signature = make.submitted(petition)
    for _turn in range(signing.CODE_TRIES):
        signing.confirm_by_code(signature, "not it")
    assert signing.confirm_by_code(signature, "not it") == Outcome.NO_TRIES_LEFT
    signing.change_address(signature, "own@example.org")
    code = tokens.confirm_code(signature.public_id, signature.generation)
    assert signing.confirm_by_code(signature, code) == Outcome.COUNTED


def test_two_changes_at_once_give_two_generations(petition: Petition) -> None:
    signature = make.submitted(petition)
    stale = Signature.objects.select_related("petition").get(pk=signature.pk)
    signing.change_address(signature, "one@example.org")
    signing.change_address(stale, "two@example.org")
    assert (signature.generation, stale.generation) == (1, 2)
    assert signing.confirm(signature) == Outcome.REPLACED
    assert signing.confirm(stale) == Outcome.COUNTED


def test_the_link_of_a_row_whose_time_has_come_is_unknown(
    petition: Petition, set_clock: SetClock
) -> None:
    start = timezone.now()
    set_clock(start)
    Petition.objects.update(closes_at=start + timedelta(days=90))
    waiting, counted = make.submitted(petition), make.confirmed(petition)
    Signature.objects.update(first_mail_at=start, link_sent_at=start)
    set_clock(start + timedelta(days=14) - timedelta(seconds=1))
    assert signing.find_by_token(_token(waiting)) == waiting
    set_clock(start + timedelta(days=14))
    assert signing.find_by_token(_token(waiting)) is None
    assert signing.find_by_token(_token(counted)) == counted


def test_news_go_to_who_ticked_them_last(petition: Petition) -> None:
    """The form sent again without the tick, between the page that was read and the press."""
    token = tokens.form_token(petition.public_id, "en")
    first = make.answers(wants_news=True)
    public_id = signing.submit(petition, first, form_token=token, language="en")
    stale = Signature.objects.select_related("petition").get(public_id=public_id)
    again = make.answers(email=first.email, wants_news=False)
    signing.submit(petition, again, form_token=token, language="en")
    assert signing.confirm(stale) == Outcome.COUNTED
    assert not Subscription.objects.exists()


# --- the form sent again ---------------------------------------------------------------------


def test_the_form_sent_again_after_confirming_changes_nothing(petition: Petition) -> None:
    token = tokens.form_token(petition.public_id, "en")
    first = make.answers()
    public_id = signing.submit(petition, first, form_token=token, language="en")
    signing.confirm(Signature.objects.select_related("petition").get())
    before = (Signature.objects.values().get(), Delivery.objects.count())
    again = make.answers(email=first.email, province="ON", name="Somebody Else")
    assert signing.submit(petition, again, form_token=token, language="fr") == public_id
    assert (Signature.objects.values().get(), Delivery.objects.count()) == before


def test_the_form_sent_again_after_another_address_is_another_submission(
    petition: Petition,
) -> None:
    """Its boxes must not go into a row whose index is of another mailbox."""
    token = tokens.form_token(petition.public_id, "en")
    typed = make.answers(email="first@example.org")
    public_id = signing.submit(petition, typed, form_token=token, language="en")
    row = Signature.objects.select_related("petition").get()
    signing.change_address(row, "second@example.org")
    assert signing.submit(petition, typed, form_token=token, language="en") != public_id
    rows = {
        addresses.unlock(bytes(each.mail_address or b"")): bytes(each.email_index or b"")
        for each in Signature.objects.all()
    }
    assert rows == {
        address: addresses.index(address, petition)
        for address in ("first@example.org", "second@example.org")
    }


def test_the_form_sent_again_after_closing_gives_the_row_that_was_stored(
    petition: Petition, set_clock: SetClock
) -> None:
    token = tokens.form_token(petition.public_id, "en")
    answers = make.answers()
    public_id = signing.submit(petition, answers, form_token=token, language="en")
    assert petition.closes_at is not None
    set_clock(petition.closes_at)
    assert signing.submit(petition, answers, form_token=token, language="en") == public_id
    with pytest.raises(signing.NotOpenError):
        signing.submit(petition, make.answers(), form_token=token, language="en")
