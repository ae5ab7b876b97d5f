"""Signatures held for review, and announced events, for tests."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from petitions.domain import events, signing
from petitions.models import EventNetwork, Petition, Signature
from petitions.states import HoldRule
from tests.factories import people
from tests.factories import petitions as make


def held(petition: Petition, rule: HoldRule = HoldRule.TRAP, **answers: Any) -> Signature:
    """Confirmed by its signer, and held by that rule."""
    row = make.submitted(petition, **answers)
    Signature.objects.filter(pk=row.pk).update(held_at=timezone.now(), held_rule=rule)
    assert signing.confirm(row) == signing.Outcome.HELD
    return Signature.objects.select_related("petition").get(pk=row.pk)


def event(network: str = "203.0.113.7/32", *, ceiling: int = 500, **fields: Any) -> EventNetwork:
    """An event that began an hour ago and ends in two."""
    now = timezone.now()
    return events.announce(
        **{
            "name": "Temple",
            "network": network,
            "begins_at": now - timedelta(hours=1),
            "ends_at": now + timedelta(hours=2),
            "ceiling": ceiling,
            "by": people.person(),
            **fields,
        }
    )
