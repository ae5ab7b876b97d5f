"""Presentation, the 45 days and the sitting days, the response."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from petitions import clock, tasks
from petitions.domain import lifecycle, presenting, sitting
from petitions.domain.lifecycle import MoveError
from petitions.domain.presenting import DayError, FileError, NumberError, SummaryError
from petitions.domain.sitting import CalendarError, Due
from petitions.models import MPRequest, Outcome, Petition, PetitionEvent, ResponseFile, SittingDay
from petitions.states import MPRequestState, PetitionState
from tests.conftest import SetClock
from tests.factories import outcomes, parliament, people

pytestmark = pytest.mark.django_db
S = PetitionState

#: e-1746, as the House's record has it.
PRESENTED = date(2018, 12, 7)
RESUMED = date(2019, 1, 28)


def _state(petition: Petition) -> str:
    return Petition.objects.get(pk=petition.pk).state


def _present(petition: Petition, **changes: object) -> PetitionEvent:
    details = {"member": parliament.member(), "on": clock.today(), "number": "421-03054"}
    return presenting.present(petition, **{**details, **changes}, by=people.person())  # type: ignore[arg-type]


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.TORONTO)


# --- presentation ----------------------------------------------------------------------------


def test_a_presentation_is_recorded_with_day_number_and_member() -> None:
    petition = outcomes.certified_petition()
    member = parliament.member()
    event = _present(petition, member=member, number="421 – ០៣០៥៤")
    outcome = Outcome.objects.get()
    assert (outcome.presented_on, outcome.presented_by) == (clock.today(), member)
    petition.refresh_from_db()
    assert (petition.state, petition.parliamentary_number) == (S.PRESENTED, "421-03054")
    assert event.happened_at >= outcome.certified_at  # type: ignore[operator]


@pytest.mark.parametrize("number", ["", "03054", "421-3054", "421-030541", "e-1746", "021-03054"])
def test_a_number_that_the_house_would_not_give_is_refused(number: str) -> None:
    petition = outcomes.certified_petition()
    with pytest.raises(NumberError, match="421-03054"):
        _present(petition, number=number)
    assert _state(petition) == S.CERTIFIED


@pytest.mark.parametrize(
    ("days", "words"), [(1, "must not be in the future"), (-1, "before the step that it follows")]
)
def test_a_day_to_come_or_before_the_certificate_is_refused(days: int, words: str) -> None:
    petition = outcomes.certified_petition()
    with pytest.raises(DayError, match=words):
        _present(petition, on=clock.today() + timedelta(days=days))
    assert (_state(petition), Outcome.objects.get().presented_on) == (S.CERTIFIED, None)


def test_only_a_certified_petition_is_presented() -> None:
    petition = outcomes.closed_petition()
    with pytest.raises(MoveError, match="cannot go from “Closed for signature”"):
        _present(petition)
    assert not Outcome.objects.exists()
    assert Petition.objects.get().parliamentary_number == ""


@pytest.mark.parametrize("to", [S.PRESENTED, S.RESPONSE_TABLED])
def test_no_bare_move_gets_there(to: PetitionState) -> None:
    petition = outcomes.certified_petition()
    if to == S.RESPONSE_TABLED:
        _present(petition)
    before = _state(petition)
    with pytest.raises(MoveError, match="its own page"):
        lifecycle.move(petition, to, by=people.person())
    assert _state(petition) == before


def test_the_member_is_named_only_where_that_was_agreed() -> None:
    silent, ticked, agreed = (outcomes.certified_petition() for _turn in range(3))
    _present(silent)
    named = parliament.member()
    _present(ticked, member=named, may_be_named=True)
    MPRequest.objects.create(
        petition=agreed,
        number=1,
        member=named,
        language="en",
        state=MPRequestState.AUTHORIZED,
        asked_at=timezone.now(),
        answer_by=timezone.now(),
        may_be_named=True,
    )
    _present(agreed, member=named)
    names = Outcome.objects.order_by("pk").values_list("presenter_name", "presenter_riding")
    riding = named.riding.name_en  # type: ignore[attr-defined]
    assert list(names) == [("", ""), (named.name, riding), (named.name, riding)]
    pages = [
        Client().get(f"/en/petitions/{each.slug}/").content.decode() for each in (silent, ticked)
    ]
    assert [f"{named.name} ({riding}) presented it" in page for page in pages] == [False, True]
    assert "It was presented on" in pages[0]


# --- the 45 days -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sitting_days", "due"),
    [
        ([RESUMED], Due(RESUMED, is_sure=True)),
        ([date(2018, 12, 10), RESUMED, date(2019, 1, 29)], Due(RESUMED, is_sure=True)),
        ([date(2019, 1, 21), RESUMED], Due(date(2019, 1, 21), is_sure=True)),
        ([date(2018, 12, 10), date(2019, 1, 20)], Due(date(2019, 1, 21), is_sure=False)),
        ([], Due(date(2019, 1, 21), is_sure=False)),
    ],
)
def test_e_1746_was_due_when_the_house_resumed(sitting_days: list[date], due: Due) -> None:
    petition = outcomes.presented_petition(on=PRESENTED)
    sitting.add_days(sitting_days, by=people.person())
    assert presenting.response_due(petition) == due


def test_nothing_is_due_before_presentation() -> None:
    assert presenting.response_due(outcomes.certified_petition()) is None


def test_the_clock_calls_a_response_overdue_on_the_day_after(set_clock: SetClock) -> None:
    petition = outcomes.presented_petition(on=PRESENTED)
    sitting.add_days([RESUMED], by=people.person())
    set_clock(datetime(2019, 1, 28, 23, 59, tzinfo=clock.TORONTO))
    assert presenting.note_overdue() == 0
    set_clock(datetime(2019, 1, 29, 0, 0, tzinfo=clock.TORONTO))
    tasks.advance()
    assert _state(petition) == S.RESPONSE_OVERDUE
    event = PetitionEvent.objects.latest("pk")
    assert (event.by, event.reason) == (None, lifecycle.BY_THE_CLOCK)
    assert presenting.note_overdue() == 0


def test_without_the_calendar_nobody_is_called_late(set_clock: SetClock) -> None:
    petition = outcomes.presented_petition(on=PRESENTED)
    set_clock(datetime(2019, 6, 1, tzinfo=clock.TORONTO))
    assert presenting.note_overdue() == 0
    sitting.add_days([RESUMED], by=people.person())
    assert presenting.note_overdue() == 1
    assert _state(petition) == S.RESPONSE_OVERDUE


# --- the calendar ----------------------------------------------------------------------------


def test_days_are_read_as_people_paste_them() -> None:
    text = "2019-01-28\n  ២០១៩-០២-០៥ \n\n2019-02-01 to 2019-02-04, 2019-02-09; 2019-01-28"
    assert [f"{day:%m-%d}" for day in sitting.read_days(text)] == [
        "01-28",
        "02-01",
        "02-04",
        "02-05",
        "02-09",
    ]


def test_every_line_that_is_no_day_is_named_and_nothing_is_taken() -> None:
    with pytest.raises(CalendarError) as refusal:
        sitting.read_days(
            "2019-02-30\n2019-01-28\nsoon\n2019-02-04 to 2019-02-01\n2019-01-01 to 2021-01-01"
        )
    assert [text.split("”")[0] for text in refusal.value.problems] == [
        "“2019-02-30",
        "“soon",
        "“2019-02-04 to 2019-02-01",
        "“2019-01-01 to 2021-01-01",
    ]


def test_days_are_added_once_and_taken_out() -> None:
    person = people.person()
    assert sitting.add_days([RESUMED, RESUMED + timedelta(days=1)], by=person) == 2
    assert sitting.add_days([RESUMED], by=person) == 0
    assert sitting.remove_days([RESUMED, date(2019, 5, 5)], by=person) == 1
    assert list(SittingDay.objects.values_list("day", flat=True)) == [RESUMED + timedelta(days=1)]


# --- the response ----------------------------------------------------------------------------


def _table(petition: Petition, **changes: object) -> PetitionEvent:
    details = {
        "on": clock.today(),
        "minister": "Chrystia Freeland",
        "summary": outcomes.IN_THREE,
        "files": {},
    }
    return presenting.table_response(petition, **{**details, **changes}, by=people.person())  # type: ignore[arg-type]


def test_a_response_is_recorded_and_shown() -> None:
    petition = outcomes.presented_petition()
    _table(petition, files={"en": outcomes.PDF})
    assert _state(petition) == S.RESPONSE_TABLED
    page = Client().get(f"/km/petitions/{petition.slug}/").content.decode()
    assert outcomes.IN_THREE["km"] in page
    assert "Chrystia Freeland" in page
    assert f"/petitions/{petition.slug}/response.en.pdf" in page


def test_an_overdue_response_can_still_come(set_clock: SetClock) -> None:
    petition = outcomes.presented_petition(on=PRESENTED)
    sitting.add_days([RESUMED], by=people.person())
    set_clock(_noon(date(2019, 2, 10)))
    presenting.note_overdue()
    event = _table(petition, on=date(2019, 2, 8))
    late = PetitionEvent.objects.get(to_state=S.RESPONSE_OVERDUE)
    assert (_state(petition), Outcome.objects.get().response_on) == (
        S.RESPONSE_TABLED,
        date(2019, 2, 8),
    )
    # Steps stay in their order, though the record came after the day.
    assert event.happened_at >= late.happened_at


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"on": date(2999, 1, 1)}, DayError),
        ({"on": date(2018, 12, 6)}, DayError),
        ({"summary": {**outcomes.IN_THREE, "km": ""}}, SummaryError),
        ({"files": {"en": b"<html>%PDF-</html>%%EOF"}}, FileError),
        ({"files": {"en": outcomes.PDF, "fr": b"%PDF-1.7 cut short"}}, FileError),
        ({"files": {"en": outcomes.PDF[:8] + bytes(5 * 1024 * 1024) + b"%%EOF"}}, FileError),
    ],
)
def test_what_cannot_be_a_response_is_refused_whole(
    changes: dict[str, object], error: type[Exception]
) -> None:
    petition = outcomes.presented_petition(on=PRESENTED)
    with pytest.raises(error):
        _table(petition, **changes)
    petition = Petition.objects.get()
    assert petition.state == S.PRESENTED
    assert not petition.response_summary_en  # type: ignore[attr-defined]
    assert Outcome.objects.get().response_on is None
    assert not ResponseFile.objects.exists()


def test_a_file_that_was_missing_is_added_once() -> None:
    petition = outcomes.presented_petition()
    _table(petition, files={"en": outcomes.PDF})
    other = outcomes.PDF.replace(b"1 0", b"2 0")
    files = {"en": other, "fr": other}
    assert presenting.add_files(petition, files=files, by=people.person()) == 1
    stored = {row.language: bytes(row.content) for row in ResponseFile.objects.all()}
    assert stored == {"en": outcomes.PDF, "fr": other}


def test_a_file_is_given_to_keep_and_named_by_its_content() -> None:
    petition = outcomes.presented_petition()
    _table(petition, files={"fr": outcomes.PDF})
    address = f"/petitions/{petition.slug}/response.fr.pdf"
    response = Client().get(address)
    assert (response.status_code, response.content) == (200, outcomes.PDF)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    again = Client().get(address, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(f"/petitions/{petition.slug}/response.en.pdf").status_code == 404
    Petition.objects.update(state=S.DRAFT)
    assert Client().get(address).status_code == 404
