"""The life cycle as the blueprint writes it, written out again here."""

import pytest
from django.db import IntegrityError, transaction

from petitions.models import Petition
from petitions.states import MOVES, PetitionState
from tests.factories import petitions as make

S = PetitionState

#: From each state the states it leads to, without the dissolution.
STEPS = {
    S.DRAFT: {S.GATHERING_SUPPORTERS, S.IN_TRANSLATION, S.WITHDRAWN},
    S.GATHERING_SUPPORTERS: {S.AWAITING_MP, S.DRAFT, S.WITHDRAWN},
    S.AWAITING_MP: {S.IN_EXAMINATION, S.AWAITING_MP, S.LAPSED, S.WITHDRAWN},
    S.IN_EXAMINATION: {S.IN_TRANSLATION, S.DRAFT, S.REJECTED, S.WITHDRAWN},
    S.IN_TRANSLATION: {S.SCHEDULED, S.DRAFT, S.WITHDRAWN},
    S.SCHEDULED: {S.OPEN, S.IN_TRANSLATION, S.WITHDRAWN},
    S.OPEN: {S.CLOSED, S.WITHDRAWN},
    S.CLOSED: {S.CERTIFIED, S.NOT_CERTIFIED},
    S.CERTIFIED: {S.PRESENTED},
    S.PRESENTED: {S.RESPONSE_TABLED, S.RESPONSE_OVERDUE},
    S.RESPONSE_OVERDUE: {S.RESPONSE_TABLED},
}
ENDS_BY_DISSOLUTION = {
    S.GATHERING_SUPPORTERS,
    S.AWAITING_MP,
    S.IN_EXAMINATION,
    S.IN_TRANSLATION,
    S.SCHEDULED,
    S.OPEN,
    S.CLOSED,
    S.CERTIFIED,
}


@pytest.mark.parametrize("origin", S)
@pytest.mark.parametrize("to", S)
def test_a_move_is_allowed_just_where_the_blueprint_has_it(
    origin: PetitionState, to: PetitionState
) -> None:
    expected = to in STEPS.get(origin, set())
    if to == S.CLOSED_ON_DISSOLUTION:
        expected = origin in ENDS_BY_DISSOLUTION
    assert (to in MOVES[origin]) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("state", S)
def test_the_database_knows_each_state(state: PetitionState) -> None:
    petition = make.draft_petition()
    Petition.objects.filter(pk=petition.pk).update(state=state)
    petition.refresh_from_db()
    assert petition.state == state


@pytest.mark.django_db
def test_the_database_refuses_any_other_state() -> None:
    petition = make.draft_petition()
    with pytest.raises(IntegrityError), transaction.atomic():
        Petition.objects.filter(pk=petition.pk).update(state="open-ish")
