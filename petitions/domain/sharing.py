"""Short links of one place each: made, and retired."""

import secrets
from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser

from petitions import clock
from petitions.models import Petition, ShareLink

#: No sign that is taken for another when it is read off a wall (0 and o, 5 and s), and no vowel:
#: no word comes out in any language.
ALPHABET = "2346789cdfghjkmnpqrtvwx"
LENGTH = 6


def make_link(petition: Petition, *, place: str, kind: str, by: AbstractBaseUser) -> ShareLink:
    """A new short link for a place (tidy text, not empty)."""
    return ShareLink.objects.create(
        petition=petition,
        code=_free_code(),
        place=place,
        kind=kind,
        created_by=by,  # type: ignore[misc]  # the user model is the project's
    )


def _free_code() -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _turn in range(LENGTH))
        if not ShareLink.objects.filter(code=code).exists():
            return code


def retire(link: ShareLink) -> bool:
    """Its visitors tell no place from now on; False when it was retired before."""
    row = ShareLink.objects.filter(pk=link.pk, retired_at=None)
    return bool(row.update(retired_at=clock.db_now()))


def find(code: str) -> ShareLink | None:
    """The link of a code as somebody types it, in any case of letters."""
    rows = ShareLink.objects.select_related("petition")
    return rows.filter(code=code.strip().lower()).first()


def places(codes: Iterable[str]) -> dict[str, str]:
    """The place of each source that is a short link's code, retired or not."""
    rows = ShareLink.objects.filter(code__in=list(codes))
    return dict(rows.values_list("code", "place"))
