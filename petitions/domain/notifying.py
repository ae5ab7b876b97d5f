"""Notices to those who take part in the House's steps, written when the step is taken.

Each is queued in the step's own transaction, in its reader's language.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from petitions.domain import addresses, composing, mailing
from petitions.models import Petition, Supporter
from petitions.states import DeliveryKind, SupporterState


@dataclass(frozen=True)
class Reader:
    """Somebody who is written to; `address` is under the mail key, `index` of the petition."""

    address: bytes
    index: bytes
    language: str
    is_petitioner: bool = False


def reader(address: str, petition: Petition, language: str) -> Reader:
    return Reader(addresses.lock(address), addresses.index(address, petition), language)


def petitioner(petition: Petition) -> list[Reader]:
    """Whoever takes the petition through the steps; nobody once their account is closed."""
    person = petition.petitioner
    if person is None or not person.is_active:
        return []
    return [
        Reader(
            addresses.lock(person.email),
            addresses.index(person.email, petition),
            getattr(person, "language", settings.LANGUAGE_CODE),
            is_petitioner=True,
        )
    ]


def supporters(petition: Petition) -> list[Reader]:
    """Those who support it: they hear of every later step, as at the House."""
    rows = petition.supporters.filter(state=SupporterState.SUPPORTED, address__isnull=False)
    return [found for row in rows if (found := supporter(row)) is not None]


def supporter(row: Supporter) -> Reader | None:
    """None once the address is erased."""
    if row.address is None or row.email_index is None:
        return None
    return Reader(bytes(row.address), bytes(row.email_index), row.language)


def petitioner_name(petition: Petition) -> str:
    """Told to those who are asked, and to nobody else; the campaign's once the account is gone."""
    return petition.petitioner_name or str(petition.petitioner or settings.PETITIONS_SITE_NAME)


def send(name: str, to: Reader, *, petition: Petition, context: dict[str, Any]) -> None:
    """Queues the mail of `templates/emails/<name>/`."""
    with translation.override(to.language):
        content = {"petition_title": petition.title, "language": to.language, **context}
        written = composing.write(name, content)
    mailing.queue(
        DeliveryKind.NOTICE,
        petition=petition,
        address=to.address,
        address_index=to.index,
        language=to.language,
        written=written,
    )


def tell(
    readers: Iterable[Reader], *, petition: Petition, sentences: Callable[[], list[str]]
) -> None:
    """Queues a step's news to each; the sentences are asked for in the reader's language."""
    for to in readers:
        with translation.override(to.language):
            context = {"sentences": sentences(), "is_petitioner": to.is_petitioner}
        send("house_step", to, petition=petition, context=context)
