"""What is published of signatures that were rejected after review: numbers by reason, no more."""

from typing import Any

from django.utils.translation import gettext, ngettext

from petitions import formats
from petitions.models import Petition, Tally
from petitions.states import RejectReason

#: The cell of reasons with fewer than five each, as `cells.table()` names it.
OTHER = "other"


def cells(petition: Petition) -> dict[str, int]:
    """Reasons and their numbers as of the last daily figures; {} when there are too few."""
    tally: Tally | None = getattr(petition, "tally", None)
    return tally.removed if tally else {}


def reason_name(cell: str) -> str:
    return gettext("Other reasons") if cell == OTHER else str(RejectReason(cell).label)


def told(petition: Petition) -> dict[str, Any] | None:
    """The sentence and the lines of the petition's page; None when nothing is published."""
    found = cells(petition)
    if not found:
        return None
    number = sum(found.values())
    sentence = ngettext(
        "%(number)s signature was held back by written rules, looked at and not counted.",
        "%(number)s signatures were held back by written rules, looked at and not counted.",
        number,
    )
    order = sorted(found.items(), key=lambda item: (item[0] == OTHER, -item[1]))
    return {
        "sentence": sentence % {"number": formats.number(number)},
        "lines": [
            {"name": reason_name(cell), "number": formats.number(each)} for cell, each in order
        ],
    }
