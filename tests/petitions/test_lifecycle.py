"""`move()` and the clock."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

from petitions import presentation
from petitions.domain import certifying, lifecycle, signing, vault
from petitions.domain.lifecycle import MoveError, PauseError, move
from petitions.models import Clause, KeySlot, Petition, PetitionEvent, Signature
from petitions.states import MOVES, PetitionKind, PetitionState
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
S = PetitionState
SOURCE = Path(lifecycle.__file__).parents[2]


def _ready(state: PetitionState = S.SCHEDULED, **fields: object) -> Petition:
    """A complete petition with a proved vault, in a state set by hand."""
    petition = make.approved(make.open_petition(**fields))
    Petition.objects.filter(pk=petition.pk).update(state=state)
    return Petition.objects.get(pk=petition.pk)


def test_a_move_changes_the_state_and_leaves_an_event() -> None:
    petition = make.draft_petition()
    event = move(petition, S.IN_TRANSLATION, by=None, reason="a test")
    petition.refresh_from_db()
    assert petition.state == S.IN_TRANSLATION
    assert (event.from_state, event.to_state, event.reason) == (S.DRAFT, S.IN_TRANSLATION, "a test")


def test_a_forbidden_move_changes_nothing() -> None:
    petition = make.draft_petition()
    with pytest.raises(MoveError, match="cannot go from “Draft” to “Certified”"):
        move(petition, S.CERTIFIED, by=None)
    petition.refresh_from_db()
    assert petition.state == S.DRAFT
    assert not PetitionEvent.objects.exists()


@pytest.mark.parametrize("origin", S)
def test_no_pair_outside_the_table_moves_and_each_refusal_says_why(origin: PetitionState) -> None:
    petition = _ready(origin)
    for to in set(S) - MOVES[origin]:
        words = f"cannot go from “{origin.label}” to “{to.label}”"
        with pytest.raises(MoveError, match=re.escape(words)):
            move(petition, to, by=None)
    petition.refresh_from_db()
    assert petition.state == origin
    assert not PetitionEvent.objects.exists()


def test_a_stale_object_cannot_move_twice() -> None:
    petition = make.draft_petition()
    stale = Petition.objects.get(pk=petition.pk)
    move(petition, S.WITHDRAWN, by=None)
    with pytest.raises(MoveError):
        move(stale, S.IN_TRANSLATION, by=None)
    assert PetitionEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("title_km", "Title in Khmer is missing."),
        ("summary_fr", "Summary in French is missing."),
        ("share_text_en", "Text for sharing in English is missing."),
    ],
)
def test_scheduling_waits_for_every_text_in_three_languages(field: str, words: str) -> None:
    petition = _ready(S.IN_TRANSLATION)
    Petition.objects.filter(pk=petition.pk).update(**{field: ""})
    with pytest.raises(MoveError, match=words):
        move(petition, S.SCHEDULED, by=None)
    assert Petition.objects.get().state == S.IN_TRANSLATION


def test_scheduling_waits_for_every_clause_in_three_languages() -> None:
    petition = _ready(S.IN_TRANSLATION)
    Clause.objects.filter(petition=petition, kind="request").update(text_km="")
    with pytest.raises(MoveError, match=r"^Request 1 in Khmer is missing\.$"):
        move(petition, S.SCHEDULED, by=None)
    Clause.objects.filter(petition=petition, kind="request").delete()
    with pytest.raises(MoveError, match="Request 1 in English is missing"):
        move(petition, S.SCHEDULED, by=None)


def test_opening_waits_for_a_proved_vault() -> None:
    petition = _ready()
    KeySlot.objects.filter(kind=KeySlot.Kind.RECOVERY).update(proved_at=None)
    with pytest.raises(MoveError, match="vault"):
        move(petition, S.OPEN, by=None)


def test_opening_waits_for_a_vault_at_all() -> None:
    petition = make.draft_petition()
    Petition.objects.filter(pk=petition.pk).update(state=S.SCHEDULED)
    assert not vault.is_proved(petition)
    with pytest.raises(MoveError, match="vault"):
        move(petition, S.OPEN, by=None)


@pytest.mark.parametrize(
    ("state", "to", "field"),
    [(S.SCHEDULED, S.OPEN, "opens_at"), (S.OPEN, S.CLOSED, "closes_at")],
)
def test_a_move_waits_for_its_instant(
    set_clock: SetClock, state: PetitionState, to: PetitionState, field: str
) -> None:
    petition = _ready(S.OPEN)
    Petition.objects.filter(pk=petition.pk).update(state=state)
    instant = getattr(petition, field)
    set_clock(instant - timedelta(seconds=1))
    with pytest.raises(MoveError):
        move(petition, to, by=None)
    set_clock(instant)
    assert move(petition, to, by=None).to_state == to


@pytest.mark.parametrize(
    ("origin", "to"),
    [(origin, to) for origin in MOVES for to in sorted(MOVES[origin])],
)
def test_a_record_never_moves(origin: PetitionState, to: PetitionState) -> None:
    petition = make.draft_petition(kind=PetitionKind.RECORD)
    Petition.objects.filter(pk=petition.pk).update(state=origin)
    with pytest.raises(MoveError):
        move(petition, to, by=None)
    assert not PetitionEvent.objects.exists()


@pytest.mark.parametrize(
    ("kind", "goes"),
    [(PetitionKind.CAMPAIGN, True), (PetitionKind.COMPANION, True), (PetitionKind.RECORD, False)],
)
def test_the_short_way_is_for_petitions_of_this_site(kind: PetitionKind, *, goes: bool) -> None:
    """What a companion mirrors has gone through the House's steps itself."""
    petition = make.draft_petition(kind=kind)
    if goes:
        assert move(petition, S.IN_TRANSLATION, by=None).to_state == S.IN_TRANSLATION
        return
    with pytest.raises(MoveError, match="cannot go from “Draft” to “In translation”"):
        move(petition, S.IN_TRANSLATION, by=None)


def test_certifying_needs_the_threshold_in_rows_that_count(set_clock: SetClock) -> None:
    petition = _ready(S.OPEN, threshold=2)
    held = make.submitted(petition)
    Signature.objects.filter(pk=held.pk).update(held_at=timezone.now(), held_rule="test")
    signing.confirm(held)
    make.confirmed(petition)
    Petition.objects.filter(pk=petition.pk).update(state=S.CLOSED)
    set_clock(petition.closes_at + timedelta(hours=25))  # type: ignore[operator]
    with pytest.raises(MoveError, match=r"1 confirmed signature\. The goal is 2\."):
        certifying.certify(petition, by=people.person())
    event = certifying.decline_certificate(petition, by=people.person())
    assert event.to_state == S.NOT_CERTIFIED


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A petition cannot go from “Draft” to “Certified”."),
        ("fr", "Une pétition ne peut pas passer de « Ébauche » à « Certifiée »."),
        ("km", "ញត្តិមិនអាចប្ដូរពី «សេចក្តីព្រាង» ទៅ «{certified}» បានទេ។"),
    ],
)
def test_a_refusal_speaks_the_language_of_whoever_reads_it(language: str, words: str) -> None:
    petition = make.draft_petition()
    with translation.override(language):
        with pytest.raises(MoveError) as refusal:
            move(petition, S.CERTIFIED, by=None)
        expected = words.format(certified=S.CERTIFIED.label)
    assert str(refusal.value).replace("\u00a0", " ") == expected.replace("\u00a0", " ")


def test_the_clock_opens_and_closes_what_is_due(set_clock: SetClock) -> None:
    now = timezone.now()
    petition = _ready(opens_at=now + timedelta(hours=1), closes_at=now + timedelta(days=30))
    set_clock(now)
    assert lifecycle.advance_by_clock() == 0
    set_clock(now + timedelta(hours=1))
    assert lifecycle.advance_by_clock() == 1
    set_clock(now + timedelta(days=30))
    assert lifecycle.advance_by_clock() == 1
    petition.refresh_from_db()
    assert petition.state == S.CLOSED
    steps = PetitionEvent.objects.order_by("pk").values_list("from_state", "to_state")
    assert list(steps) == [(S.SCHEDULED, S.OPEN), (S.OPEN, S.CLOSED)]


def test_one_petition_that_may_not_open_holds_up_no_other(set_clock: SetClock) -> None:
    now = timezone.now()
    stuck, fine = _ready(opens_at=now), _ready(opens_at=now)
    KeySlot.objects.filter(vault__petition=stuck).update(proved_at=None)
    set_clock(now + timedelta(seconds=1))
    lifecycle.advance_by_clock()
    fine.refresh_from_db()
    stuck.refresh_from_db()
    assert (fine.state, stuck.state) == (S.OPEN, S.SCHEDULED)


def test_every_reason_against_a_move_is_told_at_once() -> None:
    petition = make.approved(make.draft_petition(opens_at=None, closes_at=None, title_km=""))
    Petition.objects.filter(pk=petition.pk).update(state=S.IN_TRANSLATION)
    petition.refresh_from_db()
    assert lifecycle.reasons_against(petition, S.SCHEDULED) == [
        "The opening and closing instants are not set.",
        "Title in Khmer is missing.",
    ]
    assert lifecycle.reasons_against(petition, S.DRAFT) == []


def test_reasons_can_be_asked_for_a_step_ahead() -> None:
    petition = make.draft_petition()
    assert lifecycle.reasons_against(petition, S.OPEN) == [
        "A petition cannot go from “Draft” to “Open for signature”."
    ]
    (reason,) = lifecycle.reasons_against(petition, S.OPEN, after=S.SCHEDULED)
    assert reason.startswith("The vault has not been proved")


# --- pausing ---------------------------------------------------------------------------------


def test_a_pause_takes_no_signatures_and_leaves_the_state(petition: Petition) -> None:
    organizer = people.person()
    event = lifecycle.pause(petition, by=organizer, reason="A wave of false names")
    assert petition.paused_at is not None
    petition.refresh_from_db()
    assert (petition.state, petition.paused_at is not None) == (S.OPEN, True)
    assert (event.from_state, event.to_state, event.by) == (S.OPEN, S.OPEN, organizer)
    assert event.reason == "A wave of false names"
    with pytest.raises(signing.NotOpenError):
        make.submitted(petition)


def test_resuming_takes_signatures_again_until_the_same_instant(petition: Petition) -> None:
    closes_at = petition.closes_at
    lifecycle.pause(petition, by=people.person(), reason="A test")
    lifecycle.resume(petition, by=people.person())
    petition.refresh_from_db()
    assert (petition.paused_at, petition.closes_at) == (None, closes_at)
    make.submitted(petition)
    assert PetitionEvent.objects.count() == 2


def test_a_pause_is_not_begun_or_ended_twice(petition: Petition) -> None:
    organizer = people.person()
    with pytest.raises(PauseError, match="not paused"):
        lifecycle.resume(petition, by=organizer)
    lifecycle.pause(petition, by=organizer, reason="A test")
    first = Petition.objects.get().paused_at
    with pytest.raises(PauseError, match="paused already"):
        lifecycle.pause(petition, by=organizer, reason="Again")
    assert Petition.objects.get().paused_at == first
    assert PetitionEvent.objects.count() == 1


@pytest.mark.parametrize("state", [state for state in S if state != S.OPEN])
def test_only_an_open_petition_is_paused(state: PetitionState) -> None:
    petition = _ready(state)
    with pytest.raises(PauseError):
        lifecycle.pause(petition, by=people.person(), reason="A test")


def test_a_petition_whose_time_is_over_is_not_paused(
    petition: Petition, set_clock: SetClock
) -> None:
    set_clock(petition.closes_at)  # type: ignore[arg-type]
    with pytest.raises(PauseError):
        lifecycle.pause(petition, by=people.person(), reason="A test")


def test_a_pause_is_no_step_of_the_public_timeline(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(state=S.SCHEDULED)
    move(petition, S.OPEN, by=None)
    before = presentation.timeline(petition)
    lifecycle.pause(petition, by=people.person(), reason="A test")
    assert [entry["text"] for entry in before] == ["Open for signature"]
    assert presentation.timeline(petition) == before


# --- what keeps it so ------------------------------------------------------------------------


def _writes_of_state(path: Path) -> list[str]:
    """Calls that write `state=` to petitions, and assignments to a petition's `.state`."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = {keyword.arg for keyword in node.keywords}
            text = ast.unparse(node.func)
            if "state" in names and node.func.attr in {"update", "create"} and "Petition." in text:
                found.append(f"{path.name}:{node.lineno}")
        targets = node.targets if isinstance(node, ast.Assign) else []
        found += [
            f"{path.name}:{node.lineno}"
            for target in targets
            if ast.unparse(target) == "petition.state"
        ]
    return found


def test_no_other_code_writes_a_petitions_state() -> None:
    paths = [*SOURCE.glob("petitions/**/*.py"), *SOURCE.glob("campaign/**/*.py")]
    writers = {path.name for path in paths if _writes_of_state(path)}
    assert writers == {"lifecycle.py"}
