"""A dissolution ends all that has not been presented, at once or not at all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from petitions import clock
from petitions.domain import dissolving, lifecycle, signing
from petitions.domain.dissolving import DayError, DissolutionError, ListChangedError
from petitions.domain.signing import NotOpenError, Outcome
from petitions.models import Petition, PetitionEvent
from petitions.states import ENDED_BY_DISSOLUTION, PUBLIC, PetitionKind, PetitionState
from tests.factories import outcomes, people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
S = PetitionState


def _in(state: PetitionState, **fields: object) -> Petition:
    petition = make.draft_petition(**fields)
    Petition.objects.filter(pk=petition.pk).update(state=state)
    return Petition.objects.get(pk=petition.pk)


def _dissolve(**changes: object) -> list[Petition]:
    details = {"on": clock.today(), "reason": "Canada Gazette", "by": people.person()}
    return dissolving.dissolve(**{**details, **changes})  # type: ignore[arg-type]


def test_it_ends_what_was_not_presented_and_only_that() -> None:
    petitions = {state: _in(state) for state in S}
    record = _in(S.OPEN, kind=PetitionKind.RECORD)
    ended = _dissolve()
    assert {each.pk for each in ended} == {petitions[state].pk for state in ENDED_BY_DISSOLUTION}
    for state, petition in petitions.items():
        expected = S.CLOSED_ON_DISSOLUTION if state in ENDED_BY_DISSOLUTION else state
        assert Petition.objects.get(pk=petition.pk).state == expected
    assert Petition.objects.get(pk=record.pk).state == S.OPEN
    reasons = set(PetitionEvent.objects.values_list("to_state", "reason"))
    assert reasons == {(S.CLOSED_ON_DISSOLUTION, "Canada Gazette")}


def test_only_what_was_public_before_stays_to_be_seen() -> None:
    petitions = {state: _in(state) for state in ENDED_BY_DISSOLUTION}
    _dissolve()
    seen = {
        state
        for state, petition in petitions.items()
        if Client().get(f"/en/petitions/{petition.slug}/").status_code == 200
    }
    assert seen == ENDED_BY_DISSOLUTION & PUBLIC
    listed = set(Petition.objects.public().values_list("pk", flat=True))
    assert listed == {petitions[state].pk for state in seen}
    assert all(
        Petition.objects.get(pk=each.pk).is_public == (each.pk in listed)
        for each in petitions.values()
    )
    hidden = petitions[S.IN_TRANSLATION]
    assert Client().get(f"/petitions/{hidden.slug}/count.json").status_code == 404


def test_the_page_says_why_it_ended(petition: Petition) -> None:
    _dissolve()
    page = Client().get(f"/en/petitions/{petition.slug}/").content.decode()
    assert "Parliament was dissolved before the petition had been presented" in page


def test_an_open_petition_closes_at_once_and_mailed_links_have_their_day(
    petition: Petition,
) -> None:
    waiting = make.submitted(petition)
    _dissolve()
    with pytest.raises(NotOpenError):
        make.submitted(petition)
    closes_at = Petition.objects.get().closes_at
    assert closes_at is not None
    assert closes_at <= timezone.now()
    assert signing.confirm(waiting) == Outcome.COUNTED


def test_a_certified_total_stays() -> None:
    petition = outcomes.certified_petition(signatures=2)
    _dissolve()
    assert Client().get(f"/petitions/{petition.slug}/count.json").json()["confirmed"] == 2


def test_a_step_that_fails_ends_none(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = _in(S.DRAFT), _in(S.CLOSED)
    Petition.objects.filter(pk=first.pk).update(state=S.IN_TRANSLATION)
    move = lifecycle.move

    def fail_at_the_second(petition: Petition, *args: object, **kwargs: object) -> PetitionEvent:
        if petition.pk == second.pk:
            raise lifecycle.MoveError("not this one")
        return move(petition, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(lifecycle, "move", fail_at_the_second)
    with pytest.raises(lifecycle.MoveError):
        _dissolve()
    assert Petition.objects.get(pk=first.pk).state == S.IN_TRANSLATION
    assert not PetitionEvent.objects.exists()


def test_another_list_than_the_one_looked_at_ends_nothing() -> None:
    looked_at, new = _in(S.CLOSED), _in(S.SCHEDULED)
    with pytest.raises(ListChangedError):
        _dissolve(of=[looked_at.pk])
    assert Petition.objects.get(pk=looked_at.pk).state == S.CLOSED
    assert len(_dissolve(of=[looked_at.pk, new.pk])) == 2


def test_it_is_not_announced_before_its_day_nor_twice() -> None:
    _in(S.CLOSED)
    with pytest.raises(DayError):
        _dissolve(on=clock.today() + timedelta(days=1))
    _dissolve()
    with pytest.raises(DissolutionError, match="no petition"):
        _dissolve()


def test_a_day_in_the_past_dates_the_step_but_never_before_the_last_one() -> None:
    petition = _in(S.CLOSED)
    last = timezone.now() - timedelta(days=2)
    PetitionEvent.objects.create(petition=petition, happened_at=last, to_state=S.CLOSED)
    _dissolve(on=clock.today() - timedelta(days=5))
    assert PetitionEvent.objects.get(to_state=S.CLOSED_ON_DISSOLUTION).happened_at == last
