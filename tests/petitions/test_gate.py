"""The gate: three languages in step, or a note that everybody reads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from petitions.domain import editing, gate, lifecycle, scheduling, translating
from petitions.domain.gate import NoteError
from petitions.domain.lifecycle import MoveError
from petitions.models import Clause, Petition, PublicNote
from petitions.states import PetitionKind, PetitionState
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import main_text

pytestmark = pytest.mark.django_db
S = PetitionState
NOTE = {"en": "We are few.", "fr": "Nous sommes peu.", "km": "យើងមានគ្នាតិច។"}


def _waiting(*, is_approved: bool = False, **fields: object) -> Petition:
    """Complete, with a proved vault, in translation; opens in two days."""
    opens_at = timezone.now() + timedelta(days=2)
    dates = {"opens_at": opens_at, "closes_at": opens_at + timedelta(days=30)}
    petition = make.open_petition(**{**dates, **fields})
    if is_approved:
        make.approved(petition)
    Petition.objects.filter(pk=petition.pk).update(state=S.IN_TRANSLATION)
    return Petition.objects.get(pk=petition.pk)


def _refusal(petition: Petition) -> str:
    with pytest.raises(MoveError) as refused:
        scheduling.schedule(petition, by=people.person())
    assert Petition.objects.get(pk=petition.pk).state == S.IN_TRANSLATION
    return str(refused.value)


# --- the guard -------------------------------------------------------------------------------


def test_it_opens_for_texts_that_are_all_approved() -> None:
    petition = _waiting(is_approved=True)
    scheduling.schedule(petition, by=people.person())
    assert Petition.objects.get().state == S.SCHEDULED


def test_a_missing_khmer_clause_keeps_it_shut_and_is_named() -> None:
    petition = _waiting(is_approved=True)
    clause = {"kind": "whereas", "position": 2, "text_en": "a", "text_fr": "a", "text_km": ""}
    Clause.objects.create(petition=petition, **clause)
    assert _refusal(petition).startswith("Whereas 2 in Khmer is missing.")


def test_other_figures_in_french_keep_it_shut_and_are_named() -> None:
    petition = _waiting(
        is_approved=True, ask_en="118 members", ask_fr="108 membres", ask_km="សមាជិក 118 រូប"
    )
    assert _refusal(petition) == (
        "All requests in one sentence in French: Figures that are not here: 118; Figures that are "
        "only here: 108."
    )


def test_a_stale_text_keeps_it_shut_and_is_named() -> None:
    petition = _waiting(title_en="A title", title_fr="Un titre", title_km="ចំណងជើង")
    make.approved(petition)
    Petition.objects.update(title_en="Another")
    subject = editing.subject_of(Petition.objects.get())
    translating.record(subject, by=people.person())
    gate.approve(petition, [("title", "en")], based_on=subject.digest(), by=people.person())
    assert _refusal(petition) == (
        "Title in French needs another look: its source has changed. "
        "Title in Khmer needs another look: its source has changed."
    )


def test_five_are_named_and_the_rest_is_counted() -> None:
    reason = _refusal(_waiting())
    assert reason.count("is not approved yet.") == 5
    assert reason.startswith("Title in English is not approved yet.")
    assert reason.endswith("And 19 more.")


# --- the way past it -------------------------------------------------------------------------


def test_an_override_opens_it_with_a_note_for_everybody(client: Client) -> None:
    petition, organizer = _waiting(), people.person()
    scheduling.schedule_anyway(petition, note=NOTE, by=organizer)
    assert Petition.objects.get().state == S.SCHEDULED
    note = PublicNote.objects.get()
    assert (note.kind, note.by) == (PublicNote.Kind.OVERRIDE, organizer)
    text = main_text(client.get(f"/en/petitions/{petition.slug}/"))
    assert "Opened before all translations were approved" in text
    assert "We are few." in text
    assert "យើងមានគ្នាតិច។" in main_text(client.get(f"/km/petitions/{petition.slug}/"))


def test_an_override_never_lets_a_missing_text_through() -> None:
    petition = _waiting(title_km="")
    with pytest.raises(NoteError, match="A text is missing"):
        scheduling.schedule_anyway(petition, note=NOTE, by=people.person())
    assert Petition.objects.get().state == S.IN_TRANSLATION
    assert not PublicNote.objects.exists()


def test_an_override_needs_its_note_in_three_languages() -> None:
    petition = _waiting()
    with pytest.raises(NoteError, match="all three languages"):
        scheduling.schedule_anyway(petition, note=NOTE | {"km": " \u200b"}, by=people.person())
    assert not PublicNote.objects.exists()


def test_an_override_of_approved_texts_is_refused() -> None:
    with pytest.raises(NoteError, match="no note is needed"):
        gate.override(_waiting(is_approved=True), note=NOTE, by=people.person())


def test_what_else_stands_against_it_takes_the_note_back() -> None:
    petition = make.draft_petition(opens_at=None, closes_at=None)
    Petition.objects.update(state=S.IN_TRANSLATION)
    with pytest.raises(MoveError, match="not set"):
        scheduling.schedule_anyway(petition, note=NOTE, by=people.person())
    assert not PublicNote.objects.exists()


def test_an_override_is_of_the_texts_as_they_stood() -> None:
    petition, organizer = _waiting(), people.person()
    gate.override(petition, note=NOTE, by=organizer)
    assert gate.reason_against(petition) == ""
    Petition.objects.update(title_km="ផ្សេង")
    translating.record(editing.subject_of(Petition.objects.get()), by=organizer)
    assert "is not approved yet" in _refusal(petition)


def test_a_petition_that_went_back_needs_another_and_shows_it_no_more() -> None:
    petition, organizer = _waiting(), people.person()
    scheduling.schedule_anyway(petition, note=NOTE, by=organizer)
    lifecycle.move(petition, S.IN_TRANSLATION, by=organizer)
    assert "is not approved yet" in _refusal(petition)
    make.approved(petition)
    scheduling.schedule(petition, by=organizer)
    assert gate.public_notes(petition) == []
    assert PublicNote.objects.count() == 1


# --- corrections -----------------------------------------------------------------------------


def test_a_correction_stands_under_the_text_with_its_date(client: Client) -> None:
    petition = make.open_petition()
    gate.correct(petition, note=NOTE | {"en": "“Whereas 2”: read 118."}, by=people.person())
    text = main_text(client.get(f"/en/petitions/{petition.slug}/"))
    assert "Correction, " in text
    assert "“Whereas 2”: read 118." in text


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (S.DRAFT, PetitionKind.CAMPAIGN),
        (S.SCHEDULED, PetitionKind.CAMPAIGN),
        (S.RESPONSE_TABLED, PetitionKind.RECORD),
    ],
)
def test_a_text_that_may_be_changed_is_not_corrected_by_a_note(
    state: PetitionState, kind: PetitionKind
) -> None:
    petition = make.draft_petition(kind=kind)
    Petition.objects.update(state=state)
    with pytest.raises(NoteError):
        gate.correct(petition, note=NOTE, by=people.person())
    assert not PublicNote.objects.exists()
