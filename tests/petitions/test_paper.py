"""Sheets of signatures in ink: two people, no names kept, nothing added to the total."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from campaign.accounts.models import User
from petitions import presentation
from petitions.domain import folding, paper
from petitions.domain.paper import Line
from petitions.models import PaperBatch, PaperRow, Petition
from petitions.states import PaperState
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return people.person()


@pytest.fixture
def bo() -> User:
    return people.person()


def line(position: int, name: str = "", **fields: Any) -> Line:
    return Line(position, name=name or f"Person {position}", city="Surrey", province="BC", **fields)


def keyed_in(petition: Petition, ann: User, *lines: Line) -> PaperBatch:
    """A sheet that waits for the second person."""
    batch = make.sheet(petition, claimed=len(lines))
    paper.enter(batch, lines, by=ann)
    return paper.hand_over(batch, by=ann)


def same_again(batch: PaperBatch, lines: tuple[Line, ...]) -> list[Line]:
    return [each for each in lines if each.position in paper.lines_to_check(batch)]


LINES = (line(1), line(2), line(3))


# --- the way of a sheet ----------------------------------------------------------------------


def test_two_people_who_agree_make_a_sheet_count(petition: Petition, ann: User, bo: User) -> None:
    batch = keyed_in(petition, ann, *LINES)
    assert paper.accepted_total(petition) == 0
    batch = paper.check(batch, counted=3, lines=same_again(batch, LINES), by=bo)
    assert (batch.state, batch.accepted) == (PaperState.ACCEPTED, 3)
    assert paper.accepted_total(petition) == 3
    assert presentation.paper_text(petition) == "3 more on paper"
    assert presentation.count_json(petition)["confirmed"] == 0
    assert presentation.count_json(petition)["paper"] == 3


def test_nobody_checks_what_they_keyed_in_themselves(petition: Petition, ann: User) -> None:
    batch = keyed_in(petition, ann, *LINES)
    with pytest.raises(paper.PaperError, match="Somebody else"):
        paper.check(batch, counted=3, lines=same_again(batch, LINES), by=ann)
    batch.refresh_from_db()
    assert batch.state == PaperState.TO_CHECK


@pytest.mark.parametrize(("counted", "name"), [(4, ""), (3, "Another name")])
def test_another_count_or_another_reading_sends_it_back(
    petition: Petition, ann: User, bo: User, counted: int, name: str
) -> None:
    batch = keyed_in(petition, ann, *LINES)
    (position,) = paper.lines_to_check(batch)
    batch = paper.check(batch, counted=counted, lines=[line(position, name)], by=bo)
    assert (batch.state, batch.accepted) == (PaperState.MISMATCH, None)
    assert paper.lines_that_differ(batch) == ([position] if name else [])
    assert paper.accepted_total(petition) == 0


def test_a_sheet_that_was_sent_back_is_mended_and_checked_by_somebody_else(
    petition: Petition, ann: User, bo: User
) -> None:
    batch = keyed_in(petition, ann, *LINES)
    (position,) = paper.lines_to_check(batch)
    paper.check(batch, counted=3, lines=[line(position, "Another name")], by=bo)
    batch = paper.reopen(batch, claimed=3, by=bo)
    assert not batch.rows.filter(position=position).exists()
    mended = line(position, "The right name")
    paper.enter(batch, [mended], by=bo)
    batch = paper.hand_over(batch, by=bo)
    with pytest.raises(paper.PaperError, match="Somebody else"):
        paper.check(batch, counted=3, lines=[mended], by=bo)
    lines = [mended if each.position == position else each for each in LINES]
    batch = paper.check(batch, counted=3, lines=same_again(batch, tuple(lines)), by=ann)
    assert batch.accepted == 3


def test_a_sheet_goes_on_only_with_as_many_lines_as_were_counted(
    petition: Petition, ann: User
) -> None:
    batch = make.sheet(petition, claimed=3)
    paper.enter(batch, LINES[:2], by=ann)
    with pytest.raises(paper.PaperError, match=r"Rows entered \(2\) do not match the count \(3\)"):
        paper.hand_over(batch, by=ann)


def test_a_number_is_one_sheet_of_a_petition(petition: Petition, ann: User) -> None:
    make.sheet(petition, number=7)
    fields = {"place": "Hall", "collected_on": "2026-11-01", "collector": "", "claimed": 3}
    with pytest.raises(paper.PaperError, match="Sheet 7 is already entered"):
        paper.open_sheet(petition, sheet_number=7, is_count_only=False, by=ann, **fields)
    other = make.open_petition()
    assert paper.open_sheet(other, sheet_number=7, is_count_only=False, by=ann, **fields).pk


def test_a_sheet_that_is_only_counted_is_counted_twice(
    petition: Petition, ann: User, bo: User
) -> None:
    batch = make.sheet(
        petition, claimed=12, is_count_only=True, state=PaperState.TO_CHECK, entered_by=ann
    )
    assert paper.check(batch, counted=12, lines=[], by=bo).accepted == 12


def test_a_sheet_that_was_sent_stays_as_it_is(petition: Petition, ann: User, bo: User) -> None:
    batch = keyed_in(petition, ann, *LINES)
    with pytest.raises(paper.PaperError):
        paper.send(batch, on=batch.collected_on, to="An office", by=ann)
    paper.check(batch, counted=3, lines=same_again(batch, LINES), by=bo)
    paper.send(batch, on=batch.collected_on, to="An office", by=ann)
    with pytest.raises(paper.PaperError, match="has been sent"):
        paper.reopen(batch, claimed=3, by=ann)


# --- what counts -----------------------------------------------------------------------------


def test_whoever_signed_online_or_on_another_line_is_kept_once(
    petition: Petition, ann: User, bo: User
) -> None:
    make.confirmed(petition, email="dara@example.org")
    lines = (
        line(1, email="Dara@Example.org"),
        line(2, email="new@example.org"),
        line(3, email="new@example.org"),
        Line(4, is_legible=False),
        line(5),
    )
    batch = keyed_in(petition, ann, *lines)
    batch = paper.check(batch, counted=5, lines=same_again(batch, lines), by=bo)
    assert batch.accepted == 2
    duplicates = batch.rows.filter(is_duplicate=True).values_list("position", flat=True)
    assert list(duplicates) == [1, 3]


def test_a_tenth_of_the_lines_is_keyed_in_again_and_always_the_same(
    petition: Petition, ann: User
) -> None:
    batch = keyed_in(petition, ann, *(line(at) for at in range(1, 22)))
    chosen = paper.lines_to_check(batch)
    assert len(chosen) == 3
    assert paper.lines_to_check(PaperBatch.objects.get(pk=batch.pk)) == chosen


def test_no_name_city_or_address_is_kept(petition: Petition, ann: User) -> None:
    secret = line(1, "Canary Name", email="canary@example.org")
    keyed_in(petition, ann, secret)
    kept = repr(list(PaperRow.objects.values()) + list(PaperBatch.objects.values()))
    assert not any(word in kept for word in ("Canary", "canary", "Surrey"))


NAME = st.lists(st.sampled_from(["Sok", "Dara", "Éric", "សុខ", "ដារ៉ា", "O'Neil"]), min_size=1)


@given(NAME, st.sampled_from([" ", "  ", "\u00a0", " \u200b"]))
def test_case_accents_spaces_and_order_do_not_part_two_readings(parts: list[str], gap: str) -> None:
    typed = gap.join(parts).upper()
    folded = folding.fold(typed).split()
    assert sorted(folded) == sorted(folding.fold(" ".join(reversed(parts))).split())


def test_khmer_names_that_differ_by_a_mark_differ() -> None:
    assert folding.fold("ដារា") != folding.fold("ដារ៉ា")


def test_a_line_is_read_as_on_the_form() -> None:
    with pytest.raises(ValidationError):
        paper.read_line(1, name="www.example.org", city="", province="", email="", is_legible=True)
    read = paper.read_line(1, name="", city="", province="", email="", is_legible=False)
    assert read == Line(1, is_legible=False)
