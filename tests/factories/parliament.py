"""Members and meetings with them, for tests."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from campaign.parliament.models import Briefing, Fact, Meeting, Pack, Quote
from petitions.models import Member, Petition, Riding
from tests.factories import petitions as make

#: The day of the tests' list of Members: not yet old.
CHECKED_ON = (timezone.now() - timedelta(days=10)).date()
_number = count(1)


def member(riding: Riding | None = None, **fields: Any) -> Member:
    """A Member of today for a riding (default: a new one in British Columbia)."""
    number = next(_number)
    if riding is None:
        riding = make.riding(59900 + number, f"Riding {number}", fsa=f"V{number % 10}Z")
    defaults = {
        "member_id": 900_000 + number,
        "name": f"Member {number}",
        "party_en": "Independent",
        "party_fr": "Indépendant",
        "checked_on": CHECKED_ON,
    }
    return Member.objects.create(riding=riding, **{**defaults, **fields})


def meeting(found: Member, **fields: Any) -> Meeting:
    """A meeting as it stands in the log; planned unless said otherwise."""
    return Meeting.objects.create(**{"member": found, "day": date(2026, 12, 1), **fields})


def facts(petition: Petition, **texts: str) -> list[Fact]:
    """Three facts in English and French, each with a source; `texts` replace those of the first."""
    rows = [
        Fact(
            petition=petition,
            position=position,
            text_en=f"**Reason {position}.** It happened.",
            text_fr=f"**Raison {position}.** C'est arrivé.",
            source=f"example.org {position}",
        )
        for position in (1, 2, 3)
    ]
    for name, text in texts.items():
        setattr(rows[0], name, text)
    return Fact.objects.bulk_create(rows)


def briefing(found: Member, petition: Petition) -> Briefing:
    """A page made before, in English."""
    return Briefing.objects.create(
        member=found, petition=petition, language="en", numbers={"total": 5}, as_of=timezone.now()
    )


def pack(petition: Petition) -> Pack:
    """A pack made before, with no briefing in it."""
    return Pack.objects.create(petition=petition, least=5, as_of=timezone.now())


def quote(petition: Petition, **fields: Any) -> Quote:
    """One that somebody agreed to by e-mail; printed unless said otherwise."""
    defaults = {
        "text_en": "My mother asks every week.",
        "text_fr": "Ma mère le demande chaque semaine.",
        "speaker_en": "a teacher in Burnaby",
        "speaker_fr": "une enseignante de Burnaby",
        "is_printed": True,
        "consented_on": CHECKED_ON,
        "consent": "email",
        "added_at": timezone.now(),
    }
    return Quote.objects.create(petition=petition, **{**defaults, **fields})
