"""A signer list as PDF: for a Member who reads on paper, or a check with a pencil."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, ngettext, pgettext

from campaign.parliament import typesetting
from petitions import formats
from petitions.domain import exporting
from petitions.models import ExportRecord
from petitions.models.exports import ExportField

#: More lines are a file's affair: the whole document is set at once, in memory.
MOST_ROWS = 2000
#: What is left of the width is parted so; any other column is as wide as its longest cell.
_WIDTHS: dict[str, int] = {ExportField.NAME: 4, ExportField.EMAIL: 5, ExportField.RIDING: 4}


def stream(record: ExportRecord, document: bytes, *, rows: int) -> Iterator[bytes]:
    """The document, and after it the record's end."""
    yield document
    exporting.finish(record, rows=rows, digest=sha256(document).hexdigest())


def render(record: ExportRecord, rows: list[list[str]]) -> bytes:
    """The PDF in the language that is active; raises `TypesettingError`."""
    return typesetting.compile("signers", sheet(record, rows), made_at=record.started_at)


def sheet(record: ExportRecord, rows: list[list[str]]) -> dict[str, Any]:
    """Every word of the document. The serial stands on each page: a copy tells where it is from."""
    labels = [str(ExportField(field).label) for field in record.fields]
    return {
        "language": formats.current(),
        "title": str(record.petition.title),
        "author": settings.ORGANIZER_NAME or gettext("the campaign team"),
        "heading": gettext("Signers"),
        "about": _about(record),
        # Typst knows the numbers; the words between them are ours.
        "page": gettext("page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "number": pgettext("number", "No."),
        "columns": labels,
        "widths": [_WIDTHS.get(field) for field in record.fields],
        "rows": rows,
        "end": _end(len(rows)),
        "notice": gettext("Confidential: keep it locked away, show it to nobody, then destroy it."),
    }


def _about(record: ExportRecord) -> str:
    parts = [
        gettext("List %(serial)s") % {"serial": record.serial},
        formats.long_date(record.started_at),
        gettext("for %(recipient)s") % {"recipient": record.recipient},
    ]
    if record.destroy_by:
        day = formats.long_date(record.destroy_by)
        parts.append(gettext("to be destroyed by %(date)s") % {"date": day})
    return " · ".join(parts)


def _end(number: int) -> str:
    return ngettext(
        "End of the list: %(number)s signer.", "End of the list: %(number)s signers.", number
    ) % {"number": formats.number(number)}
