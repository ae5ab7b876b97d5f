"""Made-up signatures for the demonstration, from a seed number, sealed like real ones."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from petitions import clock
from petitions.domain import addresses, vault, visits
from petitions.domain.milestones import LADDER
from petitions.domain.ridings import BOUNDARIES
from petitions.domain.visits import Event
from petitions.models import Milestone, Petition, PostalPrefix, Signature
from petitions.models.signature import Eligibility, Residence, RidingMethod
from petitions.states import SignatureState, VisitStep

SEED = 1746
CONFIRMED = 300
PENDING = 14
DAYS = 20

#: Weights after where Cambodian Canadians live; "" is abroad.
_PROVINCES = {"ON": 34, "QC": 29, "BC": 18, "AB": 9, "MB": 3, "SK": 2, "NS": 1, "NB": 1, "": 5}
_LANGUAGES = {"km": 45, "en": 33, "fr": 22}
_SOURCES = {"": 30, "fb": 35, "me": 15, "wa": 12, "tg": 5, "mail": 3}
_COUNTRIES = ("FR", "US", "AU", "TH")


@dataclass(frozen=True)
class _Person:
    public_id: UUID
    name: str
    email: str
    province: str
    postal_code: str
    riding_id: int | None
    language: str
    source: str
    country: str
    signed_at: datetime


def make_signatures(petition: Petition, *, until: datetime) -> None:
    """About three hundred confirmed signatures over twenty days, and a few still waiting."""
    chance = random.Random(SEED)  # noqa: S311 - a demonstration must come out alike each time
    rows = [
        _signature(petition, person, pending=place >= CONFIRMED)
        for place, person in enumerate(_people(chance, until))
    ]
    Signature.objects.bulk_create(rows)
    _record_marks(petition)
    _count_visits(petition, rows, chance)


def _record_marks(petition: Petition) -> None:
    """The marks on the days they were crossed: a tally of today would date them all today."""
    counted = Signature.objects.filter(petition=petition).counted()
    instants = sorted(row.counted_at for row in counted if row.counted_at)
    Milestone.objects.bulk_create(
        Milestone(petition=petition, number=mark, reached_at=instants[mark - 1])
        for mark in LADDER
        if mark <= len(instants)
    )


def _count_visits(petition: Petition, rows: list[Signature], chance: random.Random) -> None:
    """Some look and do not begin, and some begin and do not send."""
    sent = Counter((clock.day_of(row.created_at), row.language) for row in rows)
    events: Counter[Event] = Counter()
    for (day, language), number in sent.items():
        started = number + chance.randrange(number + 1) // 2
        events[Event(petition.pk, day, VisitStep.STARTED, language)] = started
        visited = 2 * started + chance.randrange(started + 1)
        events[Event(petition.pk, day, VisitStep.VISITED, language)] = visited
    visits.add(events)


def _people(chance: random.Random, until: datetime) -> Iterator[_Person]:
    prefixes: dict[str, list[tuple[str, int]]] = {}
    for fsa, riding, province in PostalPrefix.objects.filter(share__gte="0.9").values_list(
        "fsa", "riding_id", "riding__province"
    ):
        prefixes.setdefault(province, []).append((fsa, riding))
    for number in range(1, CONFIRMED + PENDING + 1):
        province = _pick(chance, _PROVINCES)
        fsa, riding = chance.choice(prefixes[province]) if province else ("", 0)
        yield _Person(
            public_id=UUID(int=chance.getrandbits(128), version=4),
            name=f"Demo Signer {number}",
            email=f"demo-{number}@example.org",
            province=province,
            postal_code=f"{fsa} 1A{chance.randrange(10)}" if fsa else "",
            riding_id=riding or None,
            language=_pick(chance, _LANGUAGES),
            source=_pick(chance, _SOURCES),
            country="CA" if province else chance.choice(_COUNTRIES),
            signed_at=_moment(chance, until, pending=number > CONFIRMED),
        )


def _pick(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _moment(chance: random.Random, until: datetime, *, pending: bool) -> datetime:
    """Most sign in the first days and on the last ones; nobody at the very end, nor before.

    Whoever waits has a link that still works: sent in the last few days.
    """
    if pending:
        return until - timedelta(hours=chance.randrange(2, 150))
    day = chance.choice([0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18])
    return until - timedelta(days=DAYS - day) + timedelta(seconds=chance.randrange(3600, 82800))


def _signature(petition: Petition, person: _Person, *, pending: bool) -> Signature:
    def sealed(**content: str) -> bytes:
        return vault.seal(
            petition.vault.public_key,
            petition=petition.public_id,
            signature=person.public_id,
            content=content,
        )

    confirmed_at = None if pending else person.signed_at + timedelta(minutes=7)
    return Signature(
        public_id=person.public_id,
        petition=petition,
        state=SignatureState.PENDING if pending else SignatureState.CONFIRMED,
        box_person=sealed(name=person.name, postal_code=person.postal_code),
        box_email=sealed(email=person.email),
        mail_address=addresses.lock(person.email) if pending else None,
        email_index=addresses.index(person.email, petition),
        language=person.language,
        eligibility=Eligibility.RESIDENT if person.province else Eligibility.CITIZEN,
        residence=Residence.CANADA if person.province else Residence.ABROAD,
        province=person.province,
        country=person.country,
        riding_id=person.riding_id,
        riding_method=RidingMethod.LIKELY if person.riding_id else "",
        riding_boundaries=BOUNDARIES if person.riding_id else "",
        source=person.source,
        created_at=person.signed_at,
        changed_at=confirmed_at or person.signed_at,
        first_mail_at=person.signed_at,
        link_sent_at=person.signed_at,
        mails_queued=1,
        mail_queued_at=person.signed_at,
        confirmed_at=confirmed_at,
        counted_at=confirmed_at,
        is_demo=True,
    )
