"""Petitions and signatures for tests; one function per state that a test asks for."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from petitions.domain import editing, signing, tokens, translating, vault
from petitions.domain.signing import Answers
from petitions.models import (
    Clause,
    PaperBatch,
    Petition,
    PostalPrefix,
    Riding,
    Signature,
    Tally,
    TranslationState,
)
from petitions.models.petition import AddresseeKind
from petitions.states import PetitionKind, PetitionState, TextStatus

PASSPHRASE = "correct horse battery staple"
_number = count(1)


def draft_petition(**fields: Any) -> Petition:
    """A draft that is complete in three languages, opened a day ago and closing in ten."""
    number = next(_number)
    now = timezone.now()
    texts = {
        f"{field}_{language}": f"{field} {language} {number}"
        for field in ("title", "short_title", "summary", "addressee", "ask", "share_text")
        for language in ("en", "fr", "km")
    }
    defaults = {
        "slug": f"petition-{number}",
        "kind": PetitionKind.CAMPAIGN,
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=10),
        "addressee_kind": AddresseeKind.HOUSE,
        "duration": 120,
        **texts,
    }
    petition = Petition.objects.create(**{**defaults, **fields})
    for kind in Clause.Kind:
        Clause.objects.create(
            petition=petition,
            kind=kind,
            position=1,
            text_en=f"{kind} en",
            text_fr=f"{kind} fr",
            text_km=f"{kind} km",
        )
    return petition


def approved(petition: Petition) -> Petition:
    """Every text as it stands, written and approved by people who have left."""
    subject = editing.subject_of(Petition.objects.get(pk=petition.pk))
    translating.record(subject, by=None)
    TranslationState.objects.filter(subject=subject.label, subject_id=petition.pk).exclude(
        status=TextStatus.MISSING
    ).update(status=TextStatus.APPROVED)
    return petition


def open_petition(**fields: Any) -> Petition:
    """A petition that takes signatures, with a proved vault. States other than through `move()`
    are set here by hand, so that a test of signing does not depend on the life cycle."""
    petition = draft_petition(**fields)
    row, code = vault.create(petition, passphrase=PASSPHRASE)
    vault.open_vault(row, PASSPHRASE)
    vault.open_vault(row, code)
    Petition.objects.filter(pk=petition.pk).update(state=PetitionState.OPEN)
    Tally.objects.get_or_create(petition=petition)
    return Petition.objects.select_related("vault").get(pk=petition.pk)


def answers(**changes: Any) -> Answers:
    """A valid form of a person in Coquitlam, British Columbia; each call another address."""
    number = next(_number)
    return Answers(
        **{
            "eligibility": "resident",
            "name": "Sok Dara",
            "email": f"signer-{number}@example.org",
            "residence": "canada",
            "province": "BC",
            "postal_code": "V3B 1A1",
            "country": "CA",
            "wants_news": False,
            **changes,
        }
    )


def submitted(petition: Petition, *, language: str = "km", **changes: Any) -> Signature:
    """A pending signature, made by the real submit."""
    token = tokens.form_token(petition.public_id, language)
    public_id = signing.submit(petition, answers(**changes), form_token=token, language=language)
    return Signature.objects.select_related("petition").get(public_id=public_id)


def confirmed(petition: Petition, **changes: Any) -> Signature:
    """A counted signature, made by the real submit and confirm."""
    signature = submitted(petition, **changes)
    assert signing.confirm(signature) == signing.Outcome.COUNTED
    signature.refresh_from_db()
    return signature


def form_data(petition: Petition, *, language: str = "en", **changes: str) -> dict[str, str]:
    """What a browser posts for a valid form."""
    return {
        "eligibility": "resident",
        "name": "Sok Dara",
        "email": f"signer-{next(_number)}@example.org",
        "residence": "canada",
        "province": "BC",
        "postal_code": "V3B 1A1",
        "country": "",
        "declaration": "on",
        "form_token": tokens.form_token(petition.public_id, language),
        "website": "",
        **changes,
    }


def riding(code: int = 59008, name: str = "Coquitlam—Port Coquitlam", fsa: str = "V3B") -> Riding:
    row, _created = Riding.objects.get_or_create(
        code=code, defaults={"name_en": name, "name_fr": name, "province": "BC"}
    )
    PostalPrefix.objects.get_or_create(
        fsa=fsa, riding=row, defaults={"share": "0.920", "method": "points"}
    )
    return row


def sheet(petition: Petition, *, number: int = 1, claimed: int = 3, **fields: Any) -> PaperBatch:
    """A sheet of paper signatures that is being keyed in by somebody unknown."""
    defaults = {"place": "Temple hall", "collected_on": timezone.now().date()}
    return PaperBatch.objects.create(
        petition=petition,
        sheet_number=number,
        claimed=claimed,
        entered_at=timezone.now(),
        **{**defaults, **fields},
    )
