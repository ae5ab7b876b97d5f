"""What is stored of a signer's answers: sealed, keyed or in clear (blueprint §6)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from petitions.domain import addresses, screening, vault
from petitions.domain.ridings import BOUNDARIES, riding_of
from petitions.models import Petition


@dataclass(frozen=True)
class Answers:
    """A valid form: canonical texts, as `petitions.forms.SignForm` cleans them."""

    eligibility: str
    name: str
    email: str
    residence: str
    province: str
    postal_code: str
    country: str
    wants_news: bool
    source: str = ""


def content(petition: Petition, public_id: UUID, answers: Answers) -> dict[str, Any]:
    """The columns of a form's answers; `petition` must carry its vault."""
    riding = riding_of(answers.postal_code) if answers.postal_code else None
    return {
        "box_person": vault.seal(
            petition.vault.public_key,
            petition=petition.public_id,
            signature=public_id,
            content={"name": answers.name, "postal_code": answers.postal_code},
        ),
        "eligibility": answers.eligibility,
        "residence": answers.residence,
        "province": answers.province,
        "country": answers.country,
        "riding_id": riding.riding_id if riding else None,
        "riding_method": riding.method if riding else "",
        "riding_boundaries": BOUNDARIES if riding else "",
        "wants_news": answers.wants_news,
        **screening.marks(petition, name=answers.name, postal_code=answers.postal_code),
        **address_columns(petition, public_id, answers.email),
    }


def address_columns(petition: Petition, public_id: UUID, email: str) -> dict[str, Any]:
    """The columns that hold the address or follow from it."""
    return {
        "box_email": vault.seal(
            petition.vault.public_key,
            petition=petition.public_id,
            signature=public_id,
            content={"email": email},
        ),
        "mail_address": addresses.lock(email),
        "email_index": addresses.index(email, petition),
        **screening.domain_mark(petition, email),
    }
