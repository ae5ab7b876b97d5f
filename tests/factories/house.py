"""The House's steps for tests: supporters asked, Members asked, texts examined."""

from typing import Any

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from petitions.domain import authorizing, examining, supporting, tokens
from petitions.domain.supporting import Answers, Invitee
from petitions.models import Member, MPRequest, Petition, Supporter
from tests.factories import parliament, people
from tests.factories import petitions as make

ANSWERS = Answers(eligibility="resident", residence="canada", province="BC", country="CA")
#: What a browser posts for the same.
DECLARED = {
    "eligibility": "resident",
    "residence": "canada",
    "province": "BC",
    "country": "",
    "declaration": "on",
    "terms": "on",
    "act": "support",
}
ALL_MET: examining.Answers = {point.key: {"met": True, "note": ""} for point in examining.POINTS}


def petitioner(**fields: Any) -> User:
    person = people.person(Role.PETITIONER, **fields)
    person.name = "Chea Sophal"
    person.save()
    return person


def draft(**fields: Any) -> Petition:
    """A draft of somebody, which keeps the House's rules; not dated yet."""
    return make.draft_petition(
        **{"petitioner": petitioner(), "opens_at": None, "closes_at": None, **fields}
    )


def invitees(number: int = 5, *, language: str = "en") -> list[Invitee]:
    return [
        Invitee(f"Supporter {letter}", f"supporter-{letter}@example.org", language)
        for letter in "abcdefghij"[:number]
    ]


def asked(petition: Petition | None = None, *, number: int = 5, language: str = "en") -> Petition:
    """A petition whose supporters have been asked."""
    petition = petition or draft()
    supporting.invite(petition, invitees(number, language=language), by=petitioner_of(petition))
    return petition


def petitioner_of(petition: Petition) -> User:
    person = petition.petitioner
    assert isinstance(person, User)
    return person


def supported(petition: Petition | None = None, *, by: int = 5, number: int = 5) -> Petition:
    """A petition that so many of the people asked support."""
    petition = asked(petition, number=number)
    for row in Supporter.objects.filter(petition=petition)[:by]:
        supporting.support(row, ANSWERS)
    petition.refresh_from_db()
    return petition


def member_asked(
    petition: Petition | None = None, *, language: str = "en", member: Member | None = None
) -> MPRequest:
    """A request to a Member, of a petition that five support."""
    petition = petition or supported()
    return authorizing.ask(
        petition,
        member or parliament.member(),
        by=petitioner_of(petition),
        email="office@parl.gc.ca",
        language=language,
    )


def in_examination(petition: Petition | None = None) -> Petition:
    request = member_asked(petition)
    authorizing.authorize(request, may_be_named=True)
    return Petition.objects.get(pk=request.petition_id)


def support_link(petition: Petition, place: int = 0) -> str:
    """The mailed link of one of those asked."""
    row = Supporter.objects.filter(petition=petition)[place]
    return f"/support/{tokens.support_token(row.public_id)}"


def office_link(request: MPRequest) -> str:
    return f"/mp/{tokens.office_token(request.public_id)}"
