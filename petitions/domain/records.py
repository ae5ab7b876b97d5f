"""Records of official petitions: archived with their dated events, never through `move()`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from petitions.models import Clause, Petition, PetitionEvent
from petitions.states import PetitionKind, PetitionState


def write_clauses(petition: Petition, kind: Clause.Kind, texts: Sequence[dict[str, str]]) -> None:
    """The clauses of one kind, in order, each a map of the three languages."""
    for position, text in enumerate(texts, start=1):
        Clause.objects.update_or_create(
            petition=petition,
            kind=kind,
            position=position,
            defaults={f"text_{language}": text[language] for language in ("en", "fr", "km")},
        )


@transaction.atomic
def import_record(
    slug: str,
    *,
    fields: dict[str, Any],
    whereas: Sequence[dict[str, str]],
    requests: Sequence[dict[str, str]],
    steps: Sequence[tuple[datetime, PetitionState]],
) -> Petition:
    """An archive of an official petition; safe to repeat. Its state is that of its last step."""
    petition, created = Petition.objects.update_or_create(
        slug=slug, defaults={**fields, "kind": PetitionKind.RECORD, "state": steps[-1][1]}
    )
    write_clauses(petition, Clause.Kind.WHEREAS, whereas)
    write_clauses(petition, Clause.Kind.REQUEST, requests)
    if created:
        origin = ""
        for happened_at, state in steps:
            PetitionEvent.objects.create(
                petition=petition, happened_at=happened_at, from_state=origin, to_state=state
            )
            origin = state
    return petition
