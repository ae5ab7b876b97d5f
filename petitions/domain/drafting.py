"""A petitioner's own petition, from its first words to the five supporters.

It is written in one of the House's languages; the others come when it is translated. Text and
duration are the petitioner's until supporters are asked, and frozen from then on.
"""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from petitions.domain import editing, history, lifecycle
from petitions.domain.editing import LANGUAGES, EditError, FrozenError, Texts, Wording
from petitions.models import Petition, PetitionEvent
from petitions.models.petition import AddresseeKind
from petitions.states import MOVES, PetitionState

#: From here on nothing follows: another petition may be begun (one at a time).
_ENDED = frozenset(state for state in PetitionState if not MOVES[state])


class ActiveError(EditError):
    """Somebody has a petition under way already."""


@dataclass(frozen=True)
class Draft:
    """What a petitioner writes, in the petition's own language; clauses in their order."""

    title: str = ""
    summary: str = ""
    whereas: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    keywords: str = ""
    addressee_kind: str = ""
    addressee: str = ""
    duration: int | None = None


def own(petitioner: AbstractBaseUser) -> QuerySet[Petition]:
    """Somebody's petitions, the newest first."""
    return Petition.objects.filter(petitioner=petitioner.pk).order_by("-created_at", "-pk")


def active(petitioner: AbstractBaseUser) -> Petition | None:
    """The one that is under way."""
    return own(petitioner).exclude(state__in=_ENDED).first()


@transaction.atomic
def begin(*, title: str, language: str, by: AbstractBaseUser) -> Petition:
    """A first draft; raises `ActiveError` when there is one, `AddressError` when its address is
    taken."""
    # The person's row is locked, so that two presses begin one petition.
    petitioner = get_user_model().objects.select_for_update().get(pk=by.pk)
    if active(by):
        raise ActiveError(
            gettext("You have a petition under way already: one at a time may be written")
        )
    slug = editing.free_slug(title)
    petition = editing.create(title=title, language=language, slug=slug, by=by)
    petition.petitioner = petitioner
    petition.save(update_fields=["petitioner"])
    return petition


def draft_of(petition: Petition) -> Draft:
    """What is stored, as it is written."""
    language = petition.original_language
    texts = editing.texts_of(petition)
    return Draft(
        title=texts.fields["title"][language],
        summary=texts.fields["summary"][language],
        whereas=[clause[language] for clause in texts.whereas],
        requests=[clause[language] for clause in texts.requests],
        keywords=getattr(petition, f"keywords_{language}") or "",
        addressee_kind=petition.addressee_kind,
        addressee=texts.fields["addressee"][language],
        duration=petition.duration,
    )


@transaction.atomic
def save(petition: Petition, draft: Draft, *, based_on: str, by: AbstractBaseUser) -> Petition:
    """Stores a draft, half-written or whole.

    `based_on` is the digest of the texts that were changed. Raises `FrozenError` once supporters
    have been asked, `StaleError` when other texts were stored meanwhile.
    """
    locked = editing.lock(petition)
    if locked.state != PetitionState.DRAFT:
        raise FrozenError(gettext("Your text is frozen since supporters were asked"))
    language = locked.original_language
    texts = _with(editing.texts_of(locked), draft, language)
    editing.save_texts(locked, texts=texts, based_on=based_on, by=by)
    locked.refresh_from_db()
    locked.addressee_kind = draft.addressee_kind
    locked.duration = draft.duration
    setattr(locked, f"keywords_{language}", draft.keywords)
    locked.save(update_fields=["addressee_kind", "duration", f"keywords_{language}"])
    return locked


def _with(texts: Texts, draft: Draft, language: str) -> Texts:
    """The texts with the petitioner's own language replaced."""
    fields = dict(texts.fields)
    own_texts = {"title": draft.title, "summary": draft.summary}
    for name, text in own_texts.items():
        fields[name] = {**fields[name], language: text}
    fields["addressee"] = _addressee(draft, language)
    return Texts(
        fields=fields,
        whereas=_clauses(texts.whereas, draft.whereas, language),
        requests=_clauses(texts.requests, draft.requests, language),
    )


def _addressee(draft: Draft, language: str) -> Wording:
    """Fixed words in three languages; a Minister or a Member by name in the petition's own."""
    if draft.addressee_kind in {AddresseeKind.HOUSE, AddresseeKind.GOVERNMENT}:
        found = {}
        for code in LANGUAGES:
            with translation.override(code):
                found[code] = str(AddresseeKind(draft.addressee_kind).label)
        return found
    return {code: draft.addressee if code == language else "" for code in LANGUAGES}


def _clauses(stored: list[Wording], written: list[str], language: str) -> list[Wording]:
    """A clause that stays in its place keeps its translations: they are looked at again later."""
    empty = dict.fromkeys(LANGUAGES, "")
    return [
        {**(stored[place] if place < len(stored) else empty), language: text}
        for place, text in enumerate(written)
    ]


def may_withdraw(petition: Petition) -> bool:
    """Until it opens; an open one is the campaign's affair too."""
    return (
        petition.state != PetitionState.OPEN
        and PetitionState.WITHDRAWN in MOVES[PetitionState(petition.state)]
    )


def withdraw(petition: Petition, *, by: AbstractBaseUser, reason: str = "") -> PetitionEvent:
    """Ends one's own petition; raises `MoveError` once it is open."""
    if not may_withdraw(petition):
        raise lifecycle.MoveError(gettext("An open petition is withdrawn by the campaign team."))
    return lifecycle.move(petition, PetitionState.WITHDRAWN, by=by, reason=reason)


def keep_version(petition: Petition, *, by: AbstractBaseUser) -> None:
    """What was submitted stays readable as it was, however much is written afterwards."""
    stored = Petition.objects.get(pk=petition.pk)
    history.record(stored, editing.texts_of(stored).content(), by=by, always=True)
