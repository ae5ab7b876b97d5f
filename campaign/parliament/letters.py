"""A letter from somebody who lives in a riding to its Member: guided words, nothing stored.

Letters go out in English or French, the languages of Parliament; in Khmer they are read along.
"""

from dataclasses import dataclass
from urllib.parse import quote

from django.db import models
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from petitions.domain import ridings
from petitions.models import Member, Petition, Riding
from petitions.models.signature import RidingMethod

#: Longer ones are cut off by some mail programs when they take a text over from a link.
LONGEST_WHY = 600


class Deed(models.TextChoices):
    """What a Member is asked to do: each can be checked afterwards."""

    SPEAK = "speak", _("speak about it in the House of Commons")
    MINISTER = "minister", _("raise it with the Minister of Foreign Affairs")
    MEET = "meet", _("meet me and other people of the riding")


@dataclass(frozen=True)
class Seat:
    """A riding that a postal code may lie in, its Member (None: vacant), and how sure that is.

    `certainty` is None for every candidate but the first.
    """

    riding: Riding
    member: Member | None
    certainty: RidingMethod | None

    @property
    def is_certain(self) -> bool:
        return self.certainty == RidingMethod.CERTAIN

    @property
    def is_likely(self) -> bool:
        return self.certainty in {RidingMethod.CERTAIN, RidingMethod.LIKELY}


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str
    to: str = ""

    @property
    def mail_link(self) -> str:
        """Opens the reader's own mail program; without `to` the address is theirs to fill in."""
        body = self.body.replace("\n", "\r\n")
        subject = quote(self.subject, safe="")
        return f"mailto:{quote(self.to, safe='@')}?subject={subject}&body={quote(body, safe='')}"


def seats(postal_code: str) -> list[Seat]:
    """The ridings that a postal code may lie in, the likeliest first; none when unknown."""
    place = ridings.locate(postal_code[:3])
    found = Riding.objects.in_bulk(place.shares)
    members = sitting(riding__in=place.shares)
    holders = {member.riding_id: member for member in members}
    first = next(iter(place.shares), None)
    return [
        Seat(found[pk], holders.get(pk), place.certainty if pk == first else None)
        for pk in place.shares
    ]


def sitting(**condition: object) -> models.QuerySet[Member]:
    """The Members of today, with their ridings."""
    return Member.objects.filter(left_on=None, **condition).select_related("riding")


def write(
    member: Member,
    petition: Petition,
    *,
    deed: Deed,
    name: str,
    postal_code: str,
    why: str,
    language: str,
) -> Letter:
    """The whole letter; without a name it ends in an empty line to sign on."""
    with translation.override(language):
        names = {
            "member": member.name,
            "riding": member.riding.name,
            "title": petition.title,
            "ask": petition.ask,
        }
        parts = [
            gettext("Dear %(member)s,") % names,
            gettext("I live in your riding, %(riding)s (%(code)s).")
            % {**names, "code": postal_code},
            gettext("I am writing about the petition “%(title)s”. %(ask)s") % names,
            why,
            _asked(deed),
            gettext("Please let me know what you will do."),
            "\n".join([gettext("Yours sincerely,"), name]),
        ]
        subject = gettext("From your riding %(riding)s: a request") % names
    return Letter(subject, "\n\n".join(part for part in parts if part).rstrip() + "\n")


def _asked(deed: Deed) -> str:
    return {
        Deed.SPEAK: gettext("I ask you to speak about this in the House of Commons."),
        Deed.MINISTER: gettext("I ask you to raise this with the Minister of Foreign Affairs."),
        Deed.MEET: gettext("I ask you to meet me and other people of the riding about this."),
    }[deed]


def house_page(member: Member, language: str) -> str:
    """The Member's page at the House of Commons, where the addresses of their offices stand."""
    return f"https://www.ourcommons.ca/members/{'fr' if language == 'fr' else 'en'}/{member.pk}"


def postal_address(member: Member, language: str) -> str:
    """Where mail to a Member needs no stamp (Canada Post Corporation Act, s. 35)."""
    house = "Chambre des communes" if language == "fr" else "House of Commons"
    return f"{member.name}, {house}, Ottawa ON K1A 0A6"
