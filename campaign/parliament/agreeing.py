"""Whether our list of Members agrees with what Represent says of a postal code."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.parliament import letters
from campaign.parliament.represent import Answer, Representative
from campaign.parliament.searching import fold
from petitions.domain import ridings
from petitions.models import Member, Riding


class Verdict(models.TextChoices):
    AGREES = "agrees", _("Our list agrees.")
    OTHER_PERSON = "other_person", _("Our list has somebody else: look at the House’s page.")
    VACANT_HERE = "vacant_here", _("In our list the seat is vacant: look at the House’s page.")
    NOT_NAMED = "not_named", _("Represent names no Member: look at the House’s page.")
    NO_RIDING = (
        "no_riding",
        _("Our list has no riding of this name: it may be one of older borders."),
    )


@dataclass(frozen=True)
class Row:
    """A riding that Represent names; `ours` is who holds it by our list, `theirs` by Represent's.

    share   of the prefix's postal codes that lie there by our data; None where it expects none
    """

    name: str
    riding: Riding | None
    ours: Member | None
    theirs: list[Representative]
    share: Decimal | None

    @property
    def verdict(self) -> Verdict:
        if self.riding is None:
            return Verdict.NO_RIDING
        if not self.theirs:
            return Verdict.NOT_NAMED
        if self.ours is None:
            return Verdict.VACANT_HERE
        same = fold(self.ours.name) in {fold(each.name) for each in self.theirs}
        return Verdict.AGREES if same else Verdict.OTHER_PERSON


def compare(answer: Answer, postal_code: str) -> list[Row]:
    """Every riding of the answer, by its name in either language, beside ours."""
    known = {
        fold(name): riding
        for riding in Riding.objects.all()
        for name in (riding.name_en, riding.name_fr)  # type: ignore[attr-defined]
        if name
    }
    holders = {member.riding_id: member for member in letters.sitting()}
    shares = ridings.locate(postal_code[:3]).shares
    names: dict[str, str] = {}
    for name in [*answer.ridings, *(each.riding for each in answer.representatives)]:
        names.setdefault(fold(name), name)
    rows = []
    for key, name in names.items():
        riding = known.get(key)
        code = riding.pk if riding else 0
        theirs = [each for each in answer.representatives if fold(each.riding) == key]
        rows.append(Row(name, riding, holders.get(code), theirs, shares.get(code)))
    return sorted(rows, key=lambda row: -(row.share or 0))
