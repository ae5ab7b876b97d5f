"""A Member asked: one at a time, thirty days each, up to five, named only who agrees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.domain import addresses, authorizing, lifecycle, supporting
from petitions.domain.authorizing import AuthorizeError, Letter, Standing
from petitions.domain.mailing import WrittenMail
from petitions.models import Delivery, MPRequest, Petition
from petitions.states import MPRequestState, PetitionState
from tests.conftest import SetClock
from tests.factories import house, parliament, people

pytestmark = pytest.mark.django_db
S, R = PetitionState, MPRequestState
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def words_to(address: str) -> list[str]:
    """What was queued to an address, oldest first."""
    rows = Delivery.objects.order_by("pk").exclude(content=None)
    return [
        WrittenMail.unlock(row.content or b"").text
        for row in rows
        if addresses.unlock(row.address or b"") == address
    ]


def petitioner_words(petition: Petition) -> list[str]:
    return words_to(house.petitioner_of(petition).email)


def answer_no(petition: Petition) -> None:
    authorizing.decline(house.member_asked(petition))


def event_count(petition: Petition) -> int:
    return petition.events.filter(from_state=S.AWAITING_MP, to_state=S.AWAITING_MP).count()


# --- asking ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "Dear Member"), ("fr", "Member")],
)
def test_the_office_is_written_to_in_its_language(language: str, subject: str) -> None:
    request = house.member_asked(language=language)
    (words,) = words_to("office@parl.gc.ca")
    assert Delivery.objects.latest("pk").language == language
    assert subject in words
    assert "Chea Sophal" in words
    assert getattr(request.petition, f"title_{language}") in words
    assert request.answer_by - request.asked_at == 30 * DAY
    assert b"parl.gc.ca" not in bytes(request.address or b"")


def test_one_member_at_a_time_and_none_twice() -> None:
    request = house.member_asked()
    petition = request.petition
    with pytest.raises(AuthorizeError, match="one at a time"):
        house.member_asked(petition)
    authorizing.decline(request)
    with pytest.raises(AuthorizeError, match="has been asked before"):
        house.member_asked(petition, member=request.member)
    assert event_count(petition) == 0
    second = house.member_asked(petition)
    assert (second.number, event_count(petition)) == (2, 1)
    assert petition.events.latest().reason == second.member.name


def test_who_has_left_is_not_asked_and_nobody_before_there_are_five() -> None:
    petition = house.supported()
    gone = parliament.member(left_on=timezone.now().date())
    with pytest.raises(AuthorizeError, match="no longer a Member"):
        house.member_asked(petition, member=gone)
    with pytest.raises(AuthorizeError, match="not waiting for a Member"):
        house.member_asked(house.asked())


def test_a_request_taken_back_counts_for_nothing() -> None:
    request = house.member_asked()
    by = people.person()
    authorizing.take_back(request, by=by)
    request.refresh_from_db()
    assert (request.state, request.address, authorizing.look(request)) == (
        R.CANCELLED,
        None,
        Standing.CANCELLED,
    )
    with pytest.raises(AuthorizeError, match="answered meanwhile"):
        authorizing.take_back(request, by=by)
    again = house.member_asked(request.petition, member=request.member)
    assert (again.number, authorizing.attempts(request.petition).count()) == (2, 1)


# --- answering -------------------------------------------------------------------------------


@pytest.mark.parametrize("may_be_named", [True, False])
def test_a_member_is_named_only_who_agrees(*, may_be_named: bool) -> None:
    request = house.member_asked()
    authorizing.authorize(request, may_be_named=may_be_named)
    petition = Petition.objects.get(pk=request.petition_id)
    assert petition.state == S.IN_EXAMINATION
    named = (request.member.name, request.member.riding.name) if may_be_named else ("", "")
    assert (petition.sponsor_name, petition.sponsor_riding) == named
    assert request.address is None
    assert f"{request.member.name} has authorized" in petitioner_words(petition)[-1]
    told = words_to("supporter-a@example.org")[-1]
    assert "A Member of Parliament has authorized" in told
    assert request.member.name not in told


def test_an_answer_is_given_once() -> None:
    request = house.member_asked()
    authorizing.authorize(request, may_be_named=False)
    with pytest.raises(AuthorizeError, match="no longer open"):
        authorizing.decline(request)
    assert Petition.objects.get(pk=request.petition_id).state == S.IN_EXAMINATION


def test_a_withdrawn_petition_is_not_authorized() -> None:
    request = house.member_asked()
    lifecycle.move(request.petition, S.WITHDRAWN, by=None)
    with pytest.raises(AuthorizeError, match="no longer open"):
        authorizing.authorize(request, may_be_named=True)
    assert authorizing.look(MPRequest.objects.get()) == Standing.CANCELLED


def test_after_a_no_the_petitioner_may_ask_another_and_after_five_it_lapses() -> None:
    petition = house.supported()
    for left in (4, 3, 2, 1):
        answer_no(petition)
        assert f"{left} more may be asked" in petitioner_words(petition)[-1]
    answer_no(petition)
    petition.refresh_from_db()
    assert petition.state == S.LAPSED
    assert petition.events.latest().reason == authorizing.BY_THE_FIFTH_NO
    assert "it ends here" in petitioner_words(petition)[-1]
    assert "None of five Members" in words_to("supporter-a@example.org")[-1]
    with pytest.raises(AuthorizeError):
        house.member_asked(petition)


def test_a_letter_is_recorded_with_its_day_and_by_whom(set_clock: SetClock) -> None:
    request = house.member_asked()
    by = people.person()
    day = (request.asked_at + 3 * DAY).date()
    set_clock(request.asked_at + 5 * DAY)
    for wrong in (day - 9 * DAY, day + 9 * DAY):
        with pytest.raises(AuthorizeError, match="Enter a date from"):
            authorizing.authorize(request, may_be_named=True, letter=Letter(wrong, by))
    authorizing.authorize(request, may_be_named=True, note="By post", letter=Letter(day, by))
    assert (request.letter_on, request.recorded_by) == (day, by)
    event = request.petition.events.latest()
    assert (event.by, event.reason, event.happened_at.date()) == (by, "By post", day)


# --- by the clock ----------------------------------------------------------------------------


def test_thirty_days_of_silence_are_a_no(set_clock: SetClock) -> None:
    request = house.member_asked()
    set_clock(request.answer_by - SECOND)
    assert (authorizing.expire_requests(), authorizing.look(request)) == (0, Standing.READY)
    set_clock(request.answer_by)
    assert authorizing.look(request) == Standing.SILENT
    with pytest.raises(AuthorizeError):
        authorizing.authorize(request, may_be_named=True)
    assert (authorizing.expire_requests(), authorizing.expire_requests()) == (1, 0)
    request.refresh_from_db()
    assert (request.state, request.address) == (R.SILENT, None)
    assert "has not answered in 30 days" in petitioner_words(request.petition)[-1]
    assert house.member_asked(request.petition).number == 2


def test_the_fifth_silence_ends_the_petition(set_clock: SetClock) -> None:
    petition = house.supported()
    for _turn in range(4):
        answer_no(petition)
    request = house.member_asked(petition)
    set_clock(request.answer_by)
    authorizing.expire_requests()
    petition.refresh_from_db()
    assert petition.state == S.LAPSED


def test_the_office_is_reminded_on_the_fifteenth_and_the_25th_day(set_clock: SetClock) -> None:
    request = house.member_asked()
    asked = request.asked_at
    numbers = []
    for day, early in ((15, SECOND), (15, 0 * SECOND), (25, SECOND), (25, 0 * SECOND)):
        set_clock(asked + day * DAY - early)
        numbers.append((authorizing.remind_offices(), authorizing.remind_offices()))
    assert numbers == [(0, 0), (1, 0), (0, 0), (1, 0)]
    words = words_to("office@parl.gc.ca")
    assert ["This is a reminder" in text for text in words] == [False, True, True]


def test_a_worker_that_was_away_reminds_once(set_clock: SetClock) -> None:
    request = house.member_asked()
    set_clock(request.asked_at + 26 * DAY)
    assert (authorizing.remind_offices(), authorizing.remind_offices()) == (1, 0)


def test_a_new_text_needs_a_member_anew() -> None:
    petition = house.in_examination()
    supporting.take_back(petition, by=people.person())
    petition.refresh_from_db()
    assert (petition.sponsor_name, authorizing.attempts(petition).count()) == ("", 0)
