"""Under which licence our figures and our own texts may be used; the one place that names it.

It covers what this site counts and writes: figures, petitions, translations, summaries. It covers
no photograph, and nothing that others wrote: so the record of a petition made elsewhere has none.
"""

from dataclasses import dataclass

from petitions.models import Petition
from petitions.states import PetitionKind


@dataclass(frozen=True)
class Licence:
    """`code` as SPDX lists it, `name` as people know it, `title` in full."""

    code: str
    name: str
    title: str
    url: str


OPEN_DATA = Licence(
    code="CC-BY-4.0",
    name="CC BY 4.0",
    title="Creative Commons Attribution 4.0",
    url="https://creativecommons.org/licenses/by/4.0/",
)


def of(petition: Petition) -> Licence | None:
    return None if petition.kind == PetitionKind.RECORD else OPEN_DATA


def fields(petition: Petition) -> dict[str, str | None]:
    """What programs are told of it."""
    found = of(petition)
    return {
        "licence": found.code if found else None,
        "licence_url": found.url if found else None,
    }
