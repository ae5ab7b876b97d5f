"""A pack of briefings as one ZIP, made while it is sent: a page at a time is in memory."""

import csv
import io
from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import translation
from django.utils.translation import gettext

from campaign.parliament import printing
from campaign.parliament.models import Briefing, Pack
from petitions import clock, formats
from petitions.domain.bundling import Outlet
from petitions.domain.exporting import guarded

#: Spreadsheets read UTF-8 only where it says so.
_BOM = "\ufeff"


def filename(pack: Pack) -> str:
    """briefings-free-elections-2026-11-24.zip"""
    day = pack.as_of.astimezone(clock.TORONTO)
    return f"briefings-{pack.petition.slug}-{day:%Y-%m-%d}.zip"


def stream(pack: Pack) -> Iterator[bytes]:
    """The ZIP piece by piece: first the list of its files, in the language that is active now."""
    known = pack.briefings.select_related("member__riding", "member__contact", "petition")
    briefings = known.order_by("member__riding__code", "pk")
    return _zip(pack, briefings, formats.current())


def _zip(pack: Pack, briefings: Iterable[Briefing], language: str) -> Iterator[bytes]:
    outlet = Outlet()
    day = pack.as_of.astimezone(clock.TORONTO).timetuple()[:6]
    with ZipFile(outlet, "w") as archive:
        for name, content in _files(briefings, language):
            entry = ZipInfo(name, day)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
            yield outlet.take()
    yield outlet.take()


def _files(briefings: Iterable[Briefing], language: str) -> Iterator[tuple[str, bytes]]:
    with translation.override(language):
        name, listed = gettext("list.csv"), cover(briefings)
    yield name, listed
    for briefing in briefings:
        yield printing.filename(briefing), printing.render(briefing)


def cover(briefings: Iterable[Briefing]) -> bytes:
    """Which file is for whom, and where it may be sent; no cell begins a formula."""
    heading = [
        gettext("File"),
        gettext("Member"),
        gettext("Riding"),
        gettext("Province or territory"),
        gettext("Language"),
        gettext("Signers in the riding, estimated"),
        gettext("E-mail of the office"),
    ]
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heading)
    for briefing in briefings:
        writer.writerow([guarded(cell) for cell in _row(briefing)])
    return (_BOM + text.getvalue()).encode()


def _row(briefing: Briefing) -> list[str]:
    riding = briefing.member.riding
    contact = getattr(briefing.member, "contact", None)
    return [
        printing.filename(briefing),
        briefing.content["name"],
        str(riding.name),
        formats.province(riding.province),
        str(briefing.get_language_display()),
        str(briefing.numbers["riding"]),
        contact.email if contact else "",
    ]
