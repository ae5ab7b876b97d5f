"""Every version of a text can be read again, with what it changed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from petitions.domain import editing, history
from petitions.models import Petition, TextVersion
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make

NOW = timezone.now()


def save(petition: Petition, title: str, by: object) -> None:
    petition.refresh_from_db()
    texts = editing.texts_of(petition)
    based_on = texts.digest()
    texts.fields["title"] = {**texts.fields["title"], "en": title}
    editing.save_texts(petition, texts=texts, based_on=based_on, by=by)  # type: ignore[arg-type]


def titles() -> list[str]:
    versions = TextVersion.objects.order_by("pk")
    return [version.texts["fields"]["title"]["en"] for version in versions]


@pytest.mark.django_db
def test_one_sitting_of_one_person_is_one_version(set_clock: SetClock) -> None:
    petition, ann, bo = make.draft_petition(), people.person(), people.person()
    set_clock(NOW)
    save(petition, "One", ann)
    set_clock(NOW + timedelta(minutes=9))
    save(petition, "Two", ann)
    assert titles() == ["One"]
    save(petition, "Three", bo)
    set_clock(NOW + timedelta(minutes=30))
    save(petition, "Four", bo)
    assert titles() == ["One", "Three", "Four"]


@pytest.mark.django_db
def test_saving_what_is_there_keeps_no_version(set_clock: SetClock) -> None:
    petition, ann = make.draft_petition(), people.person()
    set_clock(NOW)
    save(petition, "One", ann)
    set_clock(NOW + timedelta(hours=1))
    save(petition, "One", ann)
    assert titles() == ["One"]


@pytest.mark.django_db
def test_the_newest_texts_stand_on_top_though_no_version_was_kept(set_clock: SetClock) -> None:
    petition, ann = make.draft_petition(), people.person()
    set_clock(NOW)
    save(petition, "Old title", ann)
    save(petition, "New title", ann)
    petition.refresh_from_db()
    newest, first = history.steps(petition, editing.texts_of(petition).content())
    (change,) = newest.changes
    assert (newest.version.pk, change.name, change.language) == (None, "title", "en")
    assert change.pieces == [
        history.Piece("del", "Old"),
        history.Piece("ins", "New"),
        history.Piece("", " title"),
    ]
    assert first.version.saved_by == ann


TEXT = st.text(st.sampled_from("ab ក្ \n"), max_size=30)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_from_their_comparison(old: str, new: str) -> None:
    pieces = history.compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.mark != "ins") == old
    assert "".join(piece.text for piece in pieces if piece.mark != "del") == new
