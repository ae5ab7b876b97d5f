"""Writing a petition in three languages: its beginning, its texts, what is still missing.

Texts change while they are being written and translated, and never once signing is scheduled.
"""

import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from petitions import clock, validators
from petitions.domain import history, translating
from petitions.domain.records import write_clauses
from petitions.domain.text_names import text_name
from petitions.models import Clause, Petition, PetitionEvent
from petitions.models.petition import REQUIRED_TEXTS
from petitions.states import PetitionKind, PetitionState

logger = logging.getLogger(__name__)

LANGUAGES = ("en", "fr", "km")
#: One text in three languages, by language code; "" while it is not written.
Wording = dict[str, str]

#: The texts of a petition besides its clauses → how many characters each may have.
LIMITS = {
    "title": 160,
    "short_title": 80,
    "summary": 400,
    "addressee": 160,
    "grievances_heading": 120,
    "requests_heading": 240,
    "ask": 400,
    "why_now": 1000,
    "share_text": 160,
    "notice": 400,
}
CLAUSE_LIMIT = 1000
#: More of one kind than the House's 250 words have room for.
MOST_CLAUSES = 15

#: What `Petition.slug` holds.
LONGEST_SLUG = 50

#: Nobody has read these as final yet.
IN_WRITING = frozenset({PetitionState.DRAFT, PetitionState.IN_TRANSLATION})
#: Addresses of the desk that would hide a petition of that name.
_TAKEN = frozenset({"new"})

_SPACES = re.compile(r"[ \t\r\n\v\f]+")
_NOT_KHMER = re.compile(r"[^\u1780-\u17ff\u19e0-\u19ff]+")


class EditError(Exception):
    """The change was refused and nothing is stored; the text says why."""


class FrozenError(EditError):
    """The petition's text and dates are final."""


class StaleError(EditError):
    """The texts are not the ones that the change was made to."""


class AddressError(EditError):
    """The address cannot be that of a new petition."""


@dataclass(frozen=True)
class Texts:
    """All that is written of a petition, apart from the petition's row."""

    fields: dict[str, Wording]
    whereas: list[Wording]
    requests: list[Wording]

    def rows(self) -> Iterator[tuple[str, Wording]]:
        """Every text with its name: `title`, `whereas_1`, `request_2`."""
        yield from self.fields.items()
        for kind, clauses in (
            (Clause.Kind.WHEREAS, self.whereas),
            (Clause.Kind.REQUEST, self.requests),
        ):
            for position, wording in enumerate(clauses, start=1):
                yield f"{kind}_{position}", wording

    def content(self) -> dict[str, Any]:
        """All of it, for a version that is kept."""
        return {"fields": self.fields, "whereas": self.whereas, "requests": self.requests}

    def digest(self) -> str:
        """What a change names as the texts that it was made to."""
        content = dumps([self.fields, self.whereas, self.requests], sort_keys=True)
        return sha256(content.encode()).hexdigest()[:24]

    def progress(self) -> dict[str, tuple[int, int]]:
        """By language how many of the texts are written, and how many there are to write.

        A text that may be left out is to be written once it exists in any language.
        """
        due = [
            wording
            for name, wording in self.rows()
            if name not in LIMITS or name in REQUIRED_TEXTS or any(wording.values())
        ]
        # Without a request there is no petition (`subject_of`).
        number = len(due) + (0 if self.requests else 1)
        return {
            language: (sum(bool(wording[language]) for wording in due), number)
            for language in LANGUAGES
        }


def tidy(text: str) -> str:
    """One paragraph: NFC, spaces folded, nothing unseen at the ends.

    NFC would reorder some Khmer marks (see `validators.full_name`), so Khmer stays as typed.
    """
    text = _NOT_KHMER.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    # First what nobody sees: two spaces with such a sign between them are two spaces.
    seen = "".join(
        sign for sign in text if sign in "\t\n\v\f\r" or unicodedata.category(sign) != "Cc"
    )
    return validators.trim(_SPACES.sub(" ", seen))


def may_be_written(petition: Petition) -> bool:
    """Whether texts and dates may still change, as far as this object knows."""
    return petition.kind != PetitionKind.RECORD and petition.state in IN_WRITING


def texts_of(petition: Petition) -> Texts:
    """The stored texts; clauses prefetched with the petition are not read again."""
    clauses = list(petition.clauses.all())
    return Texts(
        fields={name: _wording(petition, name) for name in LIMITS},
        whereas=[_wording(each, "text") for each in clauses if each.kind == Clause.Kind.WHEREAS],
        requests=[_wording(each, "text") for each in clauses if each.kind == Clause.Kind.REQUEST],
    )


def subject_of(petition: Petition, texts: Texts | None = None) -> translating.Subject:
    """The petition's texts as the translation gate looks at them."""
    rows = dict((texts or texts_of(petition)).rows())
    # Without a request there is no petition.
    rows.setdefault("request_1", dict.fromkeys(LANGUAGES, ""))
    return translating.Subject(
        label="petitions.petition",
        pk=petition.pk,
        source=petition.original_language,
        texts=rows,
        names=text_name,
        required={*REQUIRED_TEXTS, *(name for name in rows if name not in LIMITS)},
    )


def _wording(row: Petition | Clause, field: str) -> Wording:
    return {language: getattr(row, f"{field}_{language}") or "" for language in LANGUAGES}


def propose_slug(title: str) -> str:
    """An address from a title in Latin letters, broken at a word; "" for any other title."""
    words = slugify(title)
    if len(words) <= LONGEST_SLUG:
        return words
    return words[: LONGEST_SLUG + 1].rpartition("-")[0] or words[:LONGEST_SLUG]


def free_slug(title: str) -> str:
    """An address from a title that no petition has; numbered where it must be."""
    base = propose_slug(title) or "petition"
    taken = set(Petition.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base[: LONGEST_SLUG - 4]}-{number}" for number in range(2, 1000))
    return next(slug for slug in [base, *numbered] if slug not in taken | _TAKEN)


def create(
    *,
    title: str,
    language: str,
    slug: str,
    by: AbstractBaseUser,
    kind: PetitionKind = PetitionKind.CAMPAIGN,
    house_number: str = "",
) -> Petition:
    """A draft of the campaign's own, with a working title in one language.

    A companion names the official petition by its canonical number (`official.py`). Without a
    slug the title gives one. Raises `AddressError` when there is none, or it is taken.
    """
    slug = slug or propose_slug(title)
    if not slug:
        raise AddressError(gettext("Enter an address in Latin letters, like free-elections"))
    taken = AddressError(
        gettext("The address “%(slug)s” is taken: enter another one") % {"slug": slug}
    )
    if slug in _TAKEN:
        raise taken
    try:
        with transaction.atomic():
            petition = Petition.objects.create(
                slug=slug,
                kind=kind,
                house_number=house_number,
                original_language=language,
                **{f"title_{each}": title if each == language else "" for each in LANGUAGES},
            )
            PetitionEvent.objects.create(
                petition=petition,
                happened_at=clock.db_instant(),
                to_state=PetitionState.DRAFT,
                by=by,  # type: ignore[misc]  # the user model is the project's
            )
            translating.record(subject_of(petition), by=by)
    except IntegrityError as error:
        raise taken from error
    return petition


@transaction.atomic
def save_texts(
    petition: Petition, *, texts: Texts, based_on: str, by: AbstractBaseUser
) -> Petition:
    """Stores all texts at once; half-written ones are welcome until signing is scheduled.

    `based_on` is the digest of the texts that were changed. Raises `FrozenError` when they are
    final, and `StaleError` when somebody else has stored others meanwhile.
    """
    locked = lock(petition)
    if texts_of(locked).digest() != based_on:
        raise StaleError(
            gettext(
                "Somebody else saved these texts meanwhile. Yours are kept below, and where the "
                "saved one differs it stands beside yours. Compare them, then save again"
            )
        )
    names = []
    for name, wording in texts.fields.items():
        for language in LANGUAGES:
            setattr(locked, f"{name}_{language}", wording[language])
            names.append(f"{name}_{language}")
    locked.save(update_fields=names)
    for kind, clauses in (
        (Clause.Kind.WHEREAS, texts.whereas),
        (Clause.Kind.REQUEST, texts.requests),
    ):
        write_clauses(locked, kind, clauses)
        locked.clauses.filter(kind=kind, position__gt=len(clauses)).delete()
    history.record(locked, texts.content(), by=by)
    translating.record(subject_of(locked, texts), by=by)
    logger.info("petition %s: texts saved by person %s", locked.pk, by.pk)
    return locked


def lock(petition: Petition) -> Petition:
    """The petition's row, locked for a change; raises `FrozenError` when it is final."""
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    if not may_be_written(locked):
        raise FrozenError(
            gettext(
                "This petition is now “%(state)s”: its texts and dates can no longer be changed"
            )
            % {"state": PetitionState(locked.state).label}
        )
    return locked
