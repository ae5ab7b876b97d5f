"""Petitions after their closing, for tests; each step is the real one."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from petitions import clock
from petitions.domain import certifying, presenting
from petitions.models import Outcome, Petition, ResponseFile, Signature
from petitions.states import PetitionState
from tests.factories import parliament, people
from tests.factories import petitions as make

IN_THREE = {"en": "A summary.", "fr": "Un résumé.", "km": "សេចក្តីសង្ខេប។"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def closed_petition(*, signatures: int = 1, **fields: Any) -> Petition:
    """One that closed two days ago with so many counted signatures: its count is final."""
    petition = make.open_petition(**{"threshold": 1, **fields})
    for _turn in range(signatures):
        make.confirmed(petition)
    now = timezone.now()
    past = now - timedelta(days=3)
    Signature.objects.filter(petition=petition).update(
        created_at=past, confirmed_at=past, counted_at=past, changed_at=past
    )
    Petition.objects.filter(pk=petition.pk).update(
        state=PetitionState.CLOSED,
        opens_at=now - timedelta(days=32),
        closes_at=now - timedelta(days=2),
    )
    return Petition.objects.get(pk=petition.pk)


def response_file(petition: Petition, language: str = "en") -> ResponseFile:
    return ResponseFile.objects.create(
        petition=petition,
        language=language,
        content=PDF,
        digest=sha256(PDF).hexdigest(),
        added_at=timezone.now(),
    )


def certified_petition(**fields: Any) -> Petition:
    petition = closed_petition(**fields)
    certifying.certify(petition, by=people.person())
    return Petition.objects.get(pk=petition.pk)


def presented_petition(*, on: date | None = None, **fields: Any) -> Petition:
    """Presented today, or on a day in the past for which the certificate is made older."""
    petition = certified_petition(**fields)
    if on is not None:
        noon = datetime.combine(on, datetime.min.time(), clock.TORONTO)
        Outcome.objects.filter(petition=petition).update(certified_at=noon)
    presenting.present(
        petition,
        member=parliament.member(),
        on=on or clock.today(),
        number="421-03054",
        by=people.person(),
    )
    return Petition.objects.get(pk=petition.pk)
