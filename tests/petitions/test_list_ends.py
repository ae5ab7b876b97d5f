"""A signer list ends thirty days after its count is settled, and never unannounced."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from petitions.domain import delivering, exporting, list_ends, purging, signing, vault, withdrawing
from petitions.models import Delivery, ExportRecord, ListEnd, Petition, PetitionEvent, Signature
from petitions.signals import list_ends_soon
from petitions.states import DeliveryKind
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
CLOSED = datetime(2027, 3, 1, 12, tzinfo=UTC)
SETTLED = CLOSED + timedelta(days=3)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def signature(set_clock: SetClock) -> Signature:
    """The counted signature of a petition that is closed, and not yet certified."""
    set_clock(CLOSED - DAY)
    petition = make.open_petition(opens_at=CLOSED - 30 * DAY, closes_at=CLOSED)
    signature = make.confirmed(petition)
    Petition.objects.update(state="closed")
    return signature


@pytest.fixture
def announced() -> Iterator[list[datetime]]:
    """The ends that were announced, in their order."""
    heard: list[datetime] = []

    def hear(end: datetime, **_signal: object) -> None:
        heard.append(end)

    list_ends_soon.connect(hear)
    yield heard
    list_ends_soon.disconnect(hear)


def _settle(state: str = "certified", at: datetime = SETTLED) -> None:
    petition = Petition.objects.get()
    Petition.objects.update(state=state)
    PetitionEvent.objects.create(petition=petition, to_state=state, happened_at=at)


def _round(set_clock: SetClock, at: datetime) -> tuple[int, int]:
    """Warned of, and erased, by one round of the tidying at that time."""
    set_clock(at)
    return list_ends.warn_keepers(), purging.erase_lists()


@pytest.mark.parametrize("state", ["certified", "not_certified", "withdrawn"])
def test_two_warnings_then_the_end(
    signature: Signature, set_clock: SetClock, announced: list[datetime], state: str
) -> None:
    _settle(state)
    end = SETTLED + 30 * DAY
    rounds = [
        *(end - 14 * DAY - SECOND, end - 14 * DAY, end - 13 * DAY),
        *(end - 3 * DAY - SECOND, end - 3 * DAY, end - 2 * DAY),
        *(end - SECOND, end, end + DAY),
    ]
    assert [_round(set_clock, at) for at in rounds] == [
        *((0, 0), (1, 0), (0, 0)),
        *((0, 0), (1, 0), (0, 0)),
        *((0, 0), (0, 1), (0, 0)),
    ]
    assert announced == [end, end]
    signature.refresh_from_db()
    assert (signature.box_person, signature.box_email) == (None, None)
    assert ListEnd.objects.get().erased_at == end


def test_who_signed_goes_on_counting_and_may_still_withdraw(
    signature: Signature, set_clock: SetClock
) -> None:
    _settle()
    _round(set_clock, SETTLED + 27 * DAY)
    _round(set_clock, SETTLED + 30 * DAY)
    signature.refresh_from_db()
    assert (signature.is_counted, signature.province) == (True, "BC")
    assert signature.email_index is not None
    assert withdrawing.withdraw(signature)
    assert signing.confirm(signature) == signing.Outcome.WITHDRAWN


def test_nothing_is_erased_without_the_last_warning(
    signature: Signature, set_clock: SetClock, announced: list[datetime]
) -> None:
    """A machine that slept, or an update of this program, does not erase by surprise."""
    _settle()
    late = SETTLED + 90 * DAY
    rounds = [late, late + 3 * DAY - SECOND, late + 3 * DAY]
    assert [_round(set_clock, at) for at in rounds] == [(1, 0), (0, 0), (0, 1)]
    assert announced == [late + 3 * DAY]


def test_no_list_outlives_the_end_of_all_retention(
    signature: Signature, set_clock: SetClock
) -> None:
    end = CLOSED.replace(year=CLOSED.year + 1)
    _settle(at=end - 5 * DAY)
    assert list_ends.list_end(signature.petition, end - DAY) == end


def test_the_end_of_all_retention_waits_for_no_warning(
    signature: Signature, set_clock: SetClock
) -> None:
    end = CLOSED.replace(year=CLOSED.year + 1)
    set_clock(end - SECOND)
    assert purging.erase_after_closing() == 0
    set_clock(end)
    assert purging.erase_after_closing() == 1
    assert ListEnd.objects.get().erased_at == end


def test_a_petition_that_is_never_settled_is_warned_of_before_all_retention_ends(
    signature: Signature, set_clock: SetClock, announced: list[datetime]
) -> None:
    end = CLOSED.replace(year=CLOSED.year + 1)
    assert _round(set_clock, CLOSED + 60 * DAY) == (0, 0)
    assert [_round(set_clock, end - days * DAY) for days in (14, 3)] == [(1, 0), (1, 0)]
    assert announced == [end, end]


def test_an_open_petition_is_not_warned_of(set_clock: SetClock, announced: list[datetime]) -> None:
    set_clock(CLOSED - DAY)
    make.confirmed(make.open_petition(opens_at=CLOSED - 30 * DAY, closes_at=CLOSED + DAY))
    assert _round(set_clock, CLOSED) == (0, 0)
    assert not announced


def test_a_round_cut_short_goes_on_where_it_stopped(
    signature: Signature, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _turn in range(2):
        Petition.objects.update(state="open")
        set_clock(CLOSED - DAY)
        make.confirmed(Petition.objects.select_related("vault").get())
    _settle()
    _round(set_clock, SETTLED + 27 * DAY)
    monkeypatch.setattr(purging, "BATCH", 1)
    whole, calls = purging._empty_boxes, []

    def killed(rows: object) -> None:
        calls.append(rows)
        if len(calls) == 2:
            raise KeyboardInterrupt
        whole(rows)  # type: ignore[arg-type]

    monkeypatch.setattr(purging, "_empty_boxes", killed)
    with pytest.raises(KeyboardInterrupt):
        _round(set_clock, SETTLED + 30 * DAY)
    assert Signature.objects.filter(box_person=None).count() == 1
    monkeypatch.setattr(purging, "_empty_boxes", whole)
    assert _round(set_clock, SETTLED + 30 * DAY) == (0, 2)
    assert not Signature.objects.exclude(box_person=None).exists()


def test_a_list_that_is_gone_is_exported_by_nobody(
    signature: Signature, set_clock: SetClock
) -> None:
    """Not even by an export that had begun: what is gone is left out, and not half a row."""
    petition = signature.petition
    settings = exporting.Settings("check", "-", "-", ["name", "province"], "", None, "plain")
    record = exporting.start(petition, settings, by=people.person())
    key = vault.open_vault(petition.vault, make.PASSPHRASE)
    _settle()
    _round(set_clock, SETTLED + 27 * DAY)
    _round(set_clock, SETTLED + 30 * DAY)
    text = b"".join(exporting.stream(record, key)).decode()
    assert text.splitlines() == ['"name","province"', "# end, 0 rows"]


# --- who is warned, and what the desk says ---------------------------------------------------


def test_those_who_may_export_are_mailed_in_their_language(
    signature: Signature, set_clock: SetClock, mailoutbox: list[object]
) -> None:
    roles = (Role.LIST_KEEPER, Role.ADMIN, Role.ORGANIZER, Role.PETITIONER)
    users = {role: people.person(role) for role in roles}
    gone = people.person(Role.LIST_KEEPER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    User.objects.filter(pk=users[Role.LIST_KEEPER].pk).update(language="fr")
    _settle()
    _round(set_clock, SETTLED + 16 * DAY)
    delivering.drain()
    mails = {message.to[0]: message for message in mailoutbox}  # type: ignore[attr-defined]
    assert set(mails) == {users[Role.LIST_KEEPER].email, users[Role.ADMIN].email}
    title = Petition.objects.get().title_fr
    assert title in mails[users[Role.LIST_KEEPER].email].body
    body = mails[users[Role.ADMIN].email].body
    assert "On April 3, 2027" in body.replace("\u00a0", " ")
    assert f"http://testserver/desk/petitions/{signature.petition.slug}/export/" in body
    kinds = set(Delivery.objects.filter(state="sent").values_list("kind", flat=True))
    assert DeliveryKind.ACCOUNT in kinds


@pytest.fixture
def keeper(petition: Petition, settings: Settings) -> Client:
    make.confirmed(petition)
    settings.DEMO = True
    return people.log_in(people.person(Role.LIST_KEEPER))


def _now_settled(days_ago: int) -> None:
    """As pages see it: a log-in is dated by the machine's own clock."""
    now = datetime.now(tz=UTC)
    Petition.objects.update(opens_at=now - 90 * DAY, closes_at=now - 60 * DAY)
    _settle(at=now - days_ago * DAY)


def test_the_desk_names_the_day(keeper: Client) -> None:
    words = "Export it before."
    assert words not in keeper.get("/desk/").content.decode()
    _now_settled(days_ago=5)
    path = f"/desk/petitions/{Petition.objects.get().slug}/export/"
    assert words in keeper.get("/desk/").content.decode()
    assert words in keeper.get(path).content.decode()
    organizer = people.log_in(people.person(Role.ORGANIZER))
    assert words not in organizer.get("/desk/").content.decode()


def test_an_erased_list_cannot_be_asked_for(keeper: Client) -> None:
    _now_settled(days_ago=40)
    petition = Petition.objects.get()
    ListEnd.objects.create(petition=petition, warned_last_at=datetime.now(tz=UTC) - 4 * DAY)
    assert purging.erase_lists() == 1
    path = f"/desk/petitions/{petition.slug}/export/"
    page = keeper.get(path).content.decode()
    assert "The list was erased on" in page
    assert 'name="passphrase"' not in page
    assert keeper.post(path, {"passphrase": make.PASSPHRASE}).status_code == 410
    assert not ExportRecord.objects.exists()
    assert "Export it before." not in keeper.get("/desk/").content.decode()
