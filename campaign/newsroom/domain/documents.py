"""Copies of official texts: taken in whole or not at all, replaced, removed.

A copy's digest is computed when it is stored and again whenever it is given to somebody: the page
promises that this is the file that was downloaded.
"""

import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext

from campaign.accounts.models import User
from campaign.newsroom.models import Document, Resolution
from petitions import clock, formats
from petitions.domain import auditing, pdf_files

#: Bytes of a file that is taken.
LARGEST = 10 * 1024 * 1024

#: What a text to read does not need, as far as it is written in the open.
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)\b")
_LOCKED = re.compile(rb"/Encrypt\b")


class DocumentError(Exception):
    """The copy was not stored; the text says why."""


class FileError(DocumentError):
    """The file is none that can be kept."""


class LanguageError(DocumentError):
    """The official text does not exist in that language."""


class DayError(DocumentError):
    """Nobody can have downloaded it on that day."""


class DamagedError(Exception):
    """What lies in the database is not what was stored."""


@dataclass(frozen=True)
class Copy:
    """A file as it was downloaded: in which language, from where, on which day."""

    language: str
    content: bytes
    source_url: str
    retrieved_on: date


@transaction.atomic
def keep(resolution: Resolution, copy: Copy, *, by: User) -> Document:
    """Stores the copy in its language; of one kept before only the audit log knows the digest.

    Raises a `DocumentError`, and changes nothing.
    """
    check_file(copy.content)
    locked = Resolution.objects.select_for_update().get(pk=resolution.pk)
    if copy.language not in locked.languages:
        raise LanguageError(gettext("The official text does not exist in this language"))
    _check_day(copy.retrieved_on, locked)
    before = locked.documents.filter(language=copy.language).first()
    document, _is_new = Document.objects.update_or_create(
        resolution=locked,
        language=copy.language,
        defaults={
            "content": copy.content,
            "size": len(copy.content),
            "sha256": sha256(copy.content).hexdigest(),
            "source_url": copy.source_url,
            "retrieved_on": copy.retrieved_on,
            "added_at": clock.db_instant(),
            "added_by": by,
        },
    )
    replaced = {"before": before.sha256} if before else {}
    _record(auditing.Kind.DOCUMENT_KEPT, document, by=by, **replaced)
    return document


@transaction.atomic
def remove(document: Document, *, by: User) -> None:
    """Takes the copy away for good; its digest stays in the audit log. Twice is as good as once."""
    Resolution.objects.select_for_update().get(pk=document.resolution_id)
    found = Document.objects.filter(pk=document.pk).select_related("resolution").first()
    if found is not None:
        _record(auditing.Kind.DOCUMENT_REMOVED, found, by=by)
        found.delete()


def _record(kind: auditing.Kind, document: Document, *, by: User, **more: str) -> None:
    auditing.record(
        kind,
        by=by,
        petition=None,
        resolution=document.resolution.slug,
        language=document.language,
        digest=document.sha256,
        **more,
    )


def content_of(document: Document) -> bytes:
    """The file as it was stored; raises `DamagedError` when it no longer is."""
    content = bytes(document.content)
    if sha256(content).hexdigest() != document.sha256:
        raise DamagedError(f"document {document.pk}: not the file that was stored")
    return content


# --- what is taken ---------------------------------------------------------------------------


def check_file(content: bytes) -> None:
    """A whole PDF that everybody can open, whatever its name says; raises `FileError`."""
    if len(content) > LARGEST:
        raise FileError(
            gettext("The file has more than %(limit)s MB: choose a smaller one")
            % {"limit": formats.number(LARGEST // 1024**2)}
        )
    if not pdf_files.is_whole(content):
        raise FileError(gettext("This is no whole PDF. Download the official text again, as a PDF"))
    if _LOCKED.search(content):
        raise FileError(
            gettext("This PDF is locked. Look for a copy that opens without a password or limits")
        )
    if _ACTIVE.search(content):
        raise FileError(
            gettext(
                "This PDF holds programs or other files, which could harm readers. Look for a copy "
                "without them"
            )
        )


def _check_day(day: date, resolution: Resolution) -> None:
    if day > clock.today():
        raise DayError(gettext("This day is still to come"))
    if day < resolution.adopted_on:
        raise DayError(gettext("On this day the text had not been adopted yet"))
