"""Texts are approved by somebody who did not write them, and only as they stand."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AbstractBaseUser

from petitions.domain import editing, gate, translating
from petitions.domain.editing import Texts
from petitions.domain.translating import ApprovalError, Key
from petitions.models import Petition, TranslationState
from petitions.states import TextStatus as T
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> AbstractBaseUser:
    return people.person()


@pytest.fixture
def reader() -> AbstractBaseUser:
    return people.person()


@pytest.fixture
def draft(writer: AbstractBaseUser) -> Petition:
    """Complete in three languages, all written by one person."""
    petition = make.draft_petition(title_en="A title", title_fr="Un titre", title_km="ចំណងជើងមួយ")
    translating.record(editing.subject_of(petition), by=writer)
    return petition


def _change(petition: Petition, by: AbstractBaseUser, **texts: str) -> None:
    """A save in the editor that changes some texts (`title_km`)."""
    stored = editing.texts_of(Petition.objects.get(pk=petition.pk))
    fields = {name: dict(wording) for name, wording in stored.fields.items()}
    for name, text in texts.items():
        field, _line, language = name.rpartition("_")
        fields[field][language] = text
    changed = replace(stored, fields=fields)
    editing.save_texts(petition, texts=changed, based_on=stored.digest(), by=by)


def _approve(petition: Petition, *keys: Key, by: AbstractBaseUser) -> int:
    subject = editing.subject_of(Petition.objects.get(pk=petition.pk))
    return gate.approve(petition, keys, based_on=subject.digest(), by=by)


def _approve_all(petition: Petition, by: AbstractBaseUser) -> int:
    subject = editing.subject_of(Petition.objects.get(pk=petition.pk))
    return _approve(petition, *translating.may_be_approved(subject, by=by), by=by)


def _status(petition: Petition, name: str, language: str) -> T:
    subject = editing.subject_of(Petition.objects.get(pk=petition.pk))
    return translating.states(subject)[name, language].status


# --- approving -------------------------------------------------------------------------------


def test_what_somebody_else_wrote_is_approved(
    draft: Petition, writer: AbstractBaseUser, reader: AbstractBaseUser
) -> None:
    assert _approve(draft, ("title", "km"), by=reader) == 1
    row = TranslationState.objects.get(field="title", language="km")
    assert (row.status, row.written_by, row.approved_by) == (T.APPROVED, writer, reader)
    assert row.approved_at is not None
    assert _status(draft, "title", "km") == T.APPROVED
    assert _status(draft, "title", "fr") == T.DRAFT


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_approves_what_they_wrote(draft: Petition, *, superuser: bool) -> None:
    alone = people.person(superuser=superuser)
    _change(draft, alone, title_km="ចំណងជើង")
    with pytest.raises(ApprovalError, match=r"Title in Khmer: You wrote it: somebody else"):
        _approve(draft, ("title", "km"), by=alone)
    assert _status(draft, "title", "km") == T.DRAFT
    # What others wrote is theirs to approve, in the same petition.
    assert _approve(draft, ("title", "fr"), by=alone) == 1


def test_whoever_begins_a_petition_has_written_its_title(reader: AbstractBaseUser) -> None:
    petition = editing.create(title="Rivers", language="en", slug="", by=reader)
    with pytest.raises(ApprovalError, match="You wrote it"):
        _approve(petition, ("title", "en"), by=reader)


def test_one_refusal_approves_nothing(draft: Petition, reader: AbstractBaseUser) -> None:
    _change(draft, reader, title_km="")
    with pytest.raises(ApprovalError, match="Title in Khmer: It is not written yet"):
        _approve(draft, ("title", "fr"), ("title", "km"), by=reader)
    assert _status(draft, "title", "fr") == T.DRAFT


def test_other_figures_keep_a_text_from_being_approved(
    draft: Petition, writer: AbstractBaseUser, reader: AbstractBaseUser
) -> None:
    _change(draft, writer, ask_en="118 members", ask_fr="108 membres", ask_km="សមាជិក ១១៨ រូប")
    with pytest.raises(ApprovalError, match="All requests in one sentence in French: Figures"):
        _approve(draft, ("ask", "fr"), by=reader)
    assert _approve(draft, ("ask", "en"), ("ask", "km"), by=reader) == 2


def test_what_changed_meanwhile_is_not_approved_unread(
    draft: Petition, writer: AbstractBaseUser, reader: AbstractBaseUser
) -> None:
    read = editing.subject_of(draft).digest()
    _change(draft, writer, title_km="ចំណងជើងថ្មី")
    with pytest.raises(ApprovalError, match="Somebody changed these texts meanwhile"):
        gate.approve(draft, [("title", "km")], based_on=read, by=reader)
    assert _status(draft, "title", "km") == T.DRAFT


@pytest.mark.parametrize("keys", [[], [("nonsense", "km")], [("title", "de")]])
def test_only_texts_that_exist_are_approved(
    draft: Petition, reader: AbstractBaseUser, keys: list[Key]
) -> None:
    with pytest.raises(ApprovalError, match="Nothing is left"):
        _approve(draft, *keys, by=reader)


# --- changes ---------------------------------------------------------------------------------


def test_an_approved_text_that_changes_is_a_draft_of_whoever_changed_it(
    draft: Petition, reader: AbstractBaseUser
) -> None:
    _approve_all(draft, by=reader)
    _change(draft, reader, title_km="ចំណងជើងថ្មី")
    row = TranslationState.objects.get(field="title", language="km")
    assert (row.status, row.written_by, row.approved_by) == (T.DRAFT, reader, None)
    assert _status(draft, "title", "fr") == T.APPROVED


def test_translations_are_stale_once_their_source_changes(
    draft: Petition, writer: AbstractBaseUser, reader: AbstractBaseUser
) -> None:
    _approve_all(draft, by=reader)
    _change(draft, writer, title_en="Another title", title_fr="Un autre titre")
    assert _status(draft, "title", "en") == T.DRAFT
    assert _status(draft, "title", "fr") == T.DRAFT
    assert _status(draft, "title", "km") == T.STALE
    row = TranslationState.objects.get(field="title", language="km")
    assert row.status == T.STALE
    # It may be right as it is: then somebody says so.
    _approve(draft, ("title", "km"), by=reader)
    assert _status(draft, "title", "km") == T.APPROVED


def test_the_source_is_the_petitions_own_language(
    writer: AbstractBaseUser, reader: AbstractBaseUser
) -> None:
    petition = make.draft_petition(original_language="km")
    translating.record(editing.subject_of(petition), by=writer)
    _approve_all(petition, by=reader)
    _change(petition, writer, title_km="ចំណងជើងថ្មី")
    assert [_status(petition, "title", each) for each in ("en", "fr", "km")] == [
        T.STALE,
        T.STALE,
        T.DRAFT,
    ]


def test_a_change_past_the_editor_undoes_an_approval(
    draft: Petition, reader: AbstractBaseUser
) -> None:
    """A program, or somebody in the database: what is stored as approved is not trusted."""
    _approve_all(draft, by=reader)
    Petition.objects.filter(pk=draft.pk).update(title_en="Another", summary_km="ផ្សេង")
    assert _status(draft, "title", "en") == T.DRAFT
    assert _status(draft, "title", "km") == T.STALE
    assert _status(draft, "summary", "km") == T.DRAFT
    assert _status(draft, "summary", "fr") == T.APPROVED


def test_saving_again_changes_no_state(
    draft: Petition, writer: AbstractBaseUser, reader: AbstractBaseUser
) -> None:
    _approve_all(draft, by=reader)
    before = list(TranslationState.objects.order_by("pk").values())
    _change(draft, writer)
    assert list(TranslationState.objects.order_by("pk").values()) == before


def test_a_removed_clause_leaves_no_state(draft: Petition, writer: AbstractBaseUser) -> None:
    stored = editing.texts_of(draft)
    editing.save_texts(
        draft,
        texts=Texts(stored.fields, [], stored.requests),
        based_on=stored.digest(),
        by=writer,
    )
    assert not TranslationState.objects.filter(field__startswith="whereas_").exists()


def test_a_clause_that_changes_its_place_takes_its_approval_along(
    draft: Petition, writer: AbstractBaseUser, reader: AbstractBaseUser
) -> None:
    other = {"en": "Another", "fr": "Autre", "km": "ផ្សេង"}
    stored = editing.texts_of(draft)
    two = replace(stored, whereas=[*stored.whereas, other])
    editing.save_texts(draft, texts=two, based_on=stored.digest(), by=writer)
    _approve_all(draft, by=reader)
    _change(draft, writer, title_km="ចំណងជើងថ្មី")
    two = editing.texts_of(Petition.objects.get())
    swapped = replace(two, whereas=[*reversed(two.whereas), dict(other, en="Third")])
    editing.save_texts(draft, texts=swapped, based_on=two.digest(), by=reader)
    assert [_status(draft, f"whereas_{place}", "km") for place in (1, 2, 3)] == [
        T.APPROVED,
        T.APPROVED,
        T.DRAFT,
    ]
    row = TranslationState.objects.get(field="whereas_1", language="km")
    assert (row.written_by, row.approved_by) == (writer, reader)


# --- what is due -----------------------------------------------------------------------------


def test_an_optional_text_is_due_once_it_is_begun(
    draft: Petition, reader: AbstractBaseUser
) -> None:
    assert "why_now" not in editing.subject_of(draft).due()
    _approve_all(draft, by=reader)
    assert translating.unmet(editing.subject_of(draft)) == []
    _change(draft, reader, why_now_fr="Parce que")
    found = translating.unmet(editing.subject_of(Petition.objects.get()))
    assert [(each.name, each.language, each.is_missing) for each in found] == [
        ("why_now", "en", True),
        ("why_now", "km", True),
        ("why_now", "fr", False),
    ]


def test_what_is_unmet_is_named_once_and_the_worst_first(
    draft: Petition, writer: AbstractBaseUser, reader: AbstractBaseUser
) -> None:
    _approve_all(draft, by=reader)
    _change(
        draft, writer, ask_en="118 of 125", ask_fr="108 sur 124", ask_km="១១៨ ក្នុង ១២៥", title_km=""
    )
    found = translating.unmet(editing.subject_of(Petition.objects.get()))
    figures = "Figures that are not here: 118, 125; Figures that are only here: 108, 124"
    assert [each.text for each in found] == [
        "Title in Khmer is missing.",
        f"All requests in one sentence in French: {figures}.",
        "All requests in one sentence in English is not approved yet.",
        "All requests in one sentence in Khmer is not approved yet.",
    ]


def test_states_of_many_take_one_query(
    django_assert_num_queries: pytest.FixtureRequest, draft: Petition
) -> None:
    subjects = [editing.subject_of(each) for each in (draft, make.draft_petition())]
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = translating.states_of_all(subjects)
    assert set(found) == {each.pk for each in subjects}
