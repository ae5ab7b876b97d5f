"""Texts are written until signing is scheduled, by one person at a time, all or nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.domain import editing
from petitions.domain.editing import AddressError, FrozenError, StaleError, Texts
from petitions.models import Clause, Petition, PetitionEvent
from petitions.models.petition import REQUIRED_TEXTS
from petitions.states import PetitionKind, PetitionState
from tests.factories import people
from tests.factories import petitions as make

S = PetitionState


def _in_three(text: str) -> dict[str, str]:
    return {language: f"{text} {language}" for language in editing.LANGUAGES}


def _changed(petition: Petition, **fields: str) -> Texts:
    texts = editing.texts_of(petition)
    return replace(texts, fields=texts.fields | {name: _in_three(fields[name]) for name in fields})


def _save(petition: Petition, texts: Texts, based_on: str | None = None) -> Petition:
    based_on = editing.texts_of(petition).digest() if based_on is None else based_on
    return editing.save_texts(petition, texts=texts, based_on=based_on, by=people.person())


# --- tidying ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Free elections\u200b ", "Free elections"),
        ("one\r\n two\tthree", "one two three"),
        ("e\u0301lections", "élections"),
        ("Attendu que\u00a0:", "Attendu que\u00a0:"),
        ("ក\u200bខ", "ក\u200bខ"),
        # NFC would put the second mark first.
        ("ក\u17dd\u17d2ខ", "ក\u17dd\u17d2ខ"),
        ("a\x00b\x1b", "ab"),
    ],
)
def test_texts_are_stored_tidy(typed: str, stored: str) -> None:
    assert editing.tidy(typed) == stored


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = editing.tidy(text)
    assert editing.tidy(once) == once


# --- a new petition --------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_petition_begins_as_a_draft_of_the_campaign() -> None:
    organizer = people.person()
    petition = editing.create(title="ការបោះឆ្នោត", language="km", slug="elections", by=organizer)
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.kind, petition.state) == (PetitionKind.CAMPAIGN, S.DRAFT)
    assert (petition.title_km, petition.title_en, petition.title_fr) == ("ការបោះឆ្នោត", "", "")
    assert (petition.original_language, petition.slug) == ("km", "elections")
    event = PetitionEvent.objects.get()
    assert (event.from_state, event.to_state, event.by) == ("", S.DRAFT, organizer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Free elections, now!", "free-elections-now"),
        ("Des élections libres", "des-elections-libres"),
        (f"{'word ' * 9}longword more", "word-word-word-word-word-word-word-word-word"),
        ("x" * 60, "x" * 50),
    ],
)
def test_an_address_is_made_from_the_title(title: str, slug: str) -> None:
    assert editing.create(title=title, language="en", slug="", by=people.person()).slug == slug


@pytest.mark.django_db
def test_a_khmer_title_gives_no_address() -> None:
    with pytest.raises(AddressError, match="Latin letters"):
        editing.create(title="ការបោះឆ្នោត", language="km", slug="", by=people.person())
    assert not Petition.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["elections", "new"])
def test_an_address_is_given_once_and_hides_no_page_of_the_desk(slug: str) -> None:
    make.draft_petition(slug="elections")
    with pytest.raises(AddressError, match=f"“{slug}” is taken"):
        editing.create(title="Elections", language="en", slug=slug, by=people.person())
    assert Petition.objects.count() == 1
    assert not PetitionEvent.objects.exists()


# --- saving ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_all_texts_are_stored_with_the_clauses_in_their_order() -> None:
    petition = make.draft_petition()
    whereas = [_in_three("second"), _in_three("first"), _in_three("third")]
    requests = [_in_three("only")]
    texts = replace(_changed(petition, title="New"), whereas=whereas, requests=requests)
    _save(petition, texts)
    stored = Petition.objects.get()
    assert editing.texts_of(stored) == texts
    assert stored.title_km == "New km"
    positions = Clause.objects.filter(kind="whereas").values_list("position", "text_en")
    assert list(positions) == [(1, "second en"), (2, "first en"), (3, "third en")]


@pytest.mark.django_db
def test_removed_clauses_go() -> None:
    petition = make.draft_petition()
    _save(petition, replace(editing.texts_of(petition), whereas=[], requests=[_in_three("one")]))
    assert list(Clause.objects.values_list("kind", "text_fr")) == [("request", "one fr")]


@pytest.mark.django_db
def test_a_half_written_draft_may_be_saved() -> None:
    petition = make.draft_petition()
    texts = editing.texts_of(petition)
    half = replace(
        texts,
        fields=texts.fields | {"summary": {"en": "", "fr": "Résumé", "km": ""}},
        requests=[{"en": "", "fr": "", "km": "សំណើ"}],
    )
    _save(petition, half)
    assert editing.texts_of(Petition.objects.get()) == half


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in S if state not in editing.IN_WRITING])
def test_texts_are_final_once_scheduled(state: PetitionState) -> None:
    petition = make.draft_petition()
    before = editing.texts_of(petition)
    # The other tab still believes in the draft.
    Petition.objects.filter(pk=petition.pk).update(state=state)
    with pytest.raises(FrozenError, match=f"“{S(state).label}”"):
        _save(petition, _changed(petition, title="Changed"))
    assert editing.texts_of(Petition.objects.get()) == before


@pytest.mark.django_db
def test_a_record_is_never_written() -> None:
    petition = make.draft_petition(kind=PetitionKind.RECORD)
    with pytest.raises(FrozenError):
        _save(petition, _changed(petition, title="Changed"))


@pytest.mark.django_db
def test_texts_that_somebody_else_changed_are_not_overwritten() -> None:
    petition = make.draft_petition()
    read = editing.texts_of(petition).digest()
    first = _save(petition, _changed(petition, title="First"), read)
    with pytest.raises(StaleError, match="Somebody else saved"):
        _save(petition, _changed(petition, title="Second"), read)
    assert Petition.objects.get().title_en == "First en"
    _save(petition, _changed(first, title="Second"), editing.texts_of(first).digest())
    assert Petition.objects.get().title_en == "Second en"


@pytest.mark.django_db
def test_a_moved_clause_makes_other_texts() -> None:
    petition = make.draft_petition()
    texts = replace(editing.texts_of(petition), whereas=[_in_three("one"), _in_three("two")])
    assert texts.digest() != replace(texts, whereas=texts.whereas[::-1]).digest()
    assert texts.digest() == replace(texts, whereas=list(texts.whereas)).digest()


# --- progress --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_progress_counts_required_texts_and_clauses_in_each_language() -> None:
    petition = make.draft_petition(title_km="", summary_fr="")
    Clause.objects.filter(kind="request").update(text_km="")
    every = len(REQUIRED_TEXTS) + 2
    assert editing.texts_of(petition).progress() == {
        "en": (every, every),
        "fr": (every - 1, every),
        "km": (every - 2, every),
    }


@pytest.mark.django_db
def test_a_text_that_may_be_left_out_counts_once_it_is_begun() -> None:
    every = len(REQUIRED_TEXTS) + 2
    petition = make.draft_petition(why_now_en="Because")
    assert editing.texts_of(petition).progress() == {
        "en": (every + 1, every + 1),
        "fr": (every, every + 1),
        "km": (every, every + 1),
    }


@pytest.mark.django_db
def test_a_petition_without_a_request_is_not_complete() -> None:
    petition = make.draft_petition()
    Clause.objects.filter(kind="request").delete()
    every = len(REQUIRED_TEXTS) + 2
    assert editing.texts_of(petition).progress()["en"] == (every - 1, every)
