"""The last gate before a petition is shown to everybody: its texts in step in three languages.

It opens when every text that is due is approved. Somebody who may move petitions can let one
through before that, with a note that everybody reads; never while a text is missing.
"""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext, ngettext

from petitions import clock, formats
from petitions.domain import auditing, comparing, editing, house_rules, parity, translating
from petitions.domain.editing import LANGUAGES, EditError, Wording
from petitions.domain.parity import Finding
from petitions.domain.translating import Key
from petitions.models import Petition, PublicNote
from petitions.states import PUBLIC, PetitionKind, PetitionState

#: Reasons that are told one by one; the rest is counted.
MOST_NAMED = 5
NOTE_LIMIT = 600


class NoteError(EditError):
    """The note cannot be published; the text says why."""


# --- what stands against a petition ----------------------------------------------------------


def reason_against(petition: Petition) -> str:
    """Why the petition's texts keep it from everybody; "" when they do not."""
    unmet = translating.unmet(editing.subject_of(petition))
    if not unmet or (_override_holds(petition) and not any(each.is_missing for each in unmet)):
        return ""
    told = [each.text for each in unmet[:MOST_NAMED]]
    rest = len(unmet) - len(told)
    if rest:
        more = ngettext("And %(number)s more.", "And %(number)s more.", rest)
        told.append(more % {"number": formats.number(rest)})
    return " ".join(told)


def findings(petition: Petition) -> list[Finding]:
    """What to look at in the three languages: differences, and what the House asks of each."""
    subject = editing.subject_of(petition)
    found = parity.findings(subject.texts, subject.source)
    return [*found, *_of_the_house(petition)]


def _of_the_house(petition: Petition) -> list[Finding]:
    """The rules of `house_rules.py` for each language; that it blocks there is said there."""
    texts = editing.texts_of(petition)
    found = []
    for language in LANGUAGES:
        title = texts.fields["title"][language]
        if len(title) > house_rules.LONGEST_TITLE:
            found.append(_look("title", language, _too_long(title)))
        found += [
            _look(name, language, gettext("The House takes no web or e-mail address in it"))
            for name, wording in texts.rows()
            if name not in editing.LIMITS and comparing.has_web_address(wording[language])
        ]
    if petition.petitioner_id is not None:
        found += [
            _look("whereas_1", language, house_rules.counted_text(texts, language))
            for language in house_rules.COUNTED_IN
            if house_rules.word_count(texts, language) > house_rules.MOST_WORDS
        ]
    return found


def _look(name: str, language: str, text: str) -> Finding:
    return Finding(name, language, is_blocking=False, text=text)


def _too_long(title: str) -> str:
    return gettext("%(number)s characters: the House’s lists show %(most)s") % {
        "number": formats.number(len(title)),
        "most": formats.number(house_rules.LONGEST_TITLE),
    }


# --- approving -------------------------------------------------------------------------------


@transaction.atomic
def approve(
    petition: Petition, keys: Collection[Key], *, based_on: str, by: AbstractBaseUser
) -> int:
    """Approves texts of the petition; raises `translating.ApprovalError`."""
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    number = translating.approve(editing.subject_of(locked), keys, based_on=based_on, by=by)
    auditing.record(auditing.Kind.APPROVED, by=by, petition=locked, number=number)
    return number


# --- notes for everybody ---------------------------------------------------------------------


@transaction.atomic
def override(petition: Petition, *, note: Wording, by: AbstractBaseUser) -> PublicNote:
    """Lets texts through that are not all approved, with a note that says why.

    It holds until a text changes or the petition goes back. Raises `NoteError`.
    """
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    if locked.state != PetitionState.IN_TRANSLATION:
        raise NoteError(gettext("Only a petition in translation can be let through"))
    unmet = translating.unmet(editing.subject_of(locked))
    if not unmet:
        raise NoteError(gettext("All texts are approved: no note is needed"))
    if any(each.is_missing for each in unmet):
        raise NoteError(gettext("A text is missing: without it nothing is let through"))
    return _publish(locked, PublicNote.Kind.OVERRIDE, note, by=by)


@transaction.atomic
def correct(petition: Petition, *, note: Wording, by: AbstractBaseUser) -> PublicNote:
    """Says on the page what is wrong in a text that can no longer be changed."""
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    if not may_be_corrected(locked):
        raise NoteError(gettext("Only a petition that has opened is corrected by a note"))
    return _publish(locked, PublicNote.Kind.CORRECTION, note, by=by)


def may_be_corrected(petition: Petition) -> bool:
    has_opened = petition.state in PUBLIC - {PetitionState.SCHEDULED}
    return has_opened and petition.kind != PetitionKind.RECORD


def _publish(
    petition: Petition, kind: PublicNote.Kind, note: Wording, *, by: AbstractBaseUser
) -> PublicNote:
    texts = {language: editing.tidy(note[language]) for language in LANGUAGES}
    if not all(texts.values()):
        raise NoteError(gettext("Write the note in all three languages"))
    auditing.record(auditing.Kind.NOTE, by=by, petition=petition, note=kind)
    return PublicNote.objects.create(
        petition=petition,
        kind=kind,
        published_at=clock.db_instant(),
        by=by,  # type: ignore[misc]  # the user model is the project's
        **{f"text_{language}": text for language, text in texts.items()},
    )


def public_notes(petition: Petition) -> list[PublicNote]:
    """What everybody reads under the text, the newest first."""
    notes = list(petition.notes.exclude(kind=PublicNote.Kind.REJECTION))
    if not any(note.kind == PublicNote.Kind.OVERRIDE for note in notes):
        return notes
    # A petition that went back, and was approved before it was shown again, needs none.
    since = _back_at(petition)
    return [
        note
        for note in notes
        if note.kind != PublicNote.Kind.OVERRIDE or since is None or note.published_at >= since
    ]


def _override_holds(petition: Petition) -> bool:
    """Whether the last override is of the texts as they stand."""
    note = petition.notes.filter(kind=PublicNote.Kind.OVERRIDE).first()
    if note is None:
        return False
    instants = [_back_at(petition), translating.last_written(editing.subject_of(petition))]
    return all(instant is None or note.published_at >= instant for instant in instants)


def _back_at(petition: Petition) -> datetime | None:
    """When the petition last came, or came back, to where its texts may change."""
    back = petition.events.filter(to_state__in=editing.IN_WRITING)
    found: datetime | None = back.aggregate(last=Max("happened_at"))["last"]
    return found
