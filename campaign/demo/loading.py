"""The demonstration: a petition to sign, the record of e-1746, and the pages. Safe to repeat.

Texts are this project's own, written from public facts (see content/NOTES.md).
"""

import json
import secrets
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from campaign.demo.house_steps import load_gathering
from campaign.demo.news import approve_news, load_news
from campaign.demo.signatures import make_signatures
from campaign.newsroom import texts
from campaign.newsroom.models import (
    Guide,
    GuideStep,
    Page,
    Question,
    Resolution,
    ResolutionPoint,
)
from campaign.parliament.domain import meetings
from campaign.parliament.domain.meetings import Details
from campaign.parliament.models import BriefText, Contact, Decision, Fact, Meeting
from petitions import clock
from petitions.domain import counting, editing, gate, lifecycle, news_mails, translating, vault
from petitions.domain.editing import LANGUAGES
from petitions.domain.members import OlderListError, import_members
from petitions.domain.record_files import read_record
from petitions.domain.records import import_record, write_clauses
from petitions.domain.ridings import import_ridings
from petitions.models import Clause, Member, Petition, SittingDay
from petitions.states import PetitionKind, PetitionState

CONTENT = Path(__file__).resolve().parent / "content"


def _text(name: str) -> str:
    return (CONTENT / f"{name}.yaml").read_text("utf-8")


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(_text(name))
    return content


def _in_three(field: str, texts: dict[str, str]) -> dict[str, str]:
    return {f"{field}_{language}": texts[language] for language in LANGUAGES}


def _texts(content: dict[str, Any], *fields: str) -> dict[str, str]:
    return {
        key: text
        for field in fields
        if field in content
        for key, text in _in_three(field, content[field]).items()
    }


def credentials_path() -> Path:
    return Path(settings.VAR_DIR) / "demo.json"


def load() -> None:
    """Everything of the demonstration that is not there yet."""
    import_ridings()
    with suppress(OlderListError):  # somebody has imported a later list already
        import_members()
    with transaction.atomic():
        load_pages()
        load_resolutions()
        load_news(read("news"))
        record = load_record()
        credentials = load_people()
        record_pages()
        approve_news(by=User.objects.get(email="organizer@example.org"))
        if not Petition.objects.filter(slug="cambodia-follow-up").exists():
            load_open_petition(record, credentials["vault_passphrase"])
        load_news_mail(Petition.objects.get(slug="cambodia-follow-up"))
        petitioner = User.objects.filter(email="petitioner@example.org").first()
        if petitioner is not None and not petitioner.petitions.exists():
            load_gathering(read("petition_gathering"), petitioner)
        load_brief_texts()
        # The only sitting day of the record: on it the response to e-1746 was tabled.
        SittingDay.objects.get_or_create(day=date(2019, 1, 28))
        if not Contact.objects.exists():
            load_contacts()


def load_people() -> dict[str, Any]:
    """One person a role with a generated password; kept in `demo.json` for whoever tries it."""
    path = credentials_path()
    if path.exists():
        credentials: dict[str, Any] = json.loads(path.read_text())
    else:
        users = [
            {
                "email": f"{role.value.replace('_', '-')}@example.org",
                "password": secrets.token_urlsafe(12),
                "role": role.value,
            }
            for role in Role
        ]
        credentials = {"users": users, "vault_passphrase": secrets.token_urlsafe(18)}
        path.touch(mode=0o600)
        path.write_text(json.dumps(credentials, indent=1))
    for person in credentials["users"]:
        if not User.objects.filter(email=person["email"]).exists():
            user = User.objects.create_user(
                person["email"],
                person["password"],
                name=f"Demo {Role(person['role']).value.replace('_', ' ')}",
                role=person["role"],
                is_staff=person["role"] != Role.PETITIONER,
                is_superuser=person["role"] == Role.ADMIN,
            )
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return credentials


def load_news_mail(petition: Petition) -> None:
    """A piece of news by mail that waits to be sent; nobody of the made-up signers asked for it."""
    if not petition.news_mails.exists():
        news_mails.write(petition, texts=read("news_mail"), by=None)


def load_contacts() -> None:
    """The meeting of 2018 as the public record has it. Nothing is made up of a real Member; the
    step that follows is the demonstration's own."""
    briefer = User.objects.get(email="briefer@example.org")
    member = Member.objects.get(name="Ron McKinnon", riding__name_en="Coquitlam—Port Coquitlam")
    today = clock.today()
    details = Details(
        day=date(2018, 9, 22),
        place="A coffee shop in the riding",
        participants="Ron McKinnon, Sophan Seng",
        # What the public record gives is the plan, not the Member's words: no promise is quoted.
        asked="To raise e-petition e-1746 with the foreign ministry and to speak in the House, if "
        "it reached 500 signatures. (It was presented on December 7, 2018, as no. 421-03054.)",
        next_step="Demonstration: send the briefing on what has happened since",
        next_by="Dara",
        next_due=today - timedelta(days=3),
    )
    meetings.record(Meeting(member=member), details, by=briefer)


def load_pages() -> None:
    for position, page in enumerate(read("pages")["pages"]):
        Page.objects.update_or_create(
            slug=page["slug"],
            defaults={"position": position, **_texts(page, "title", "body")},
        )
    for position, question in enumerate(read("faq")["questions"]):
        Question.objects.update_or_create(
            slug=question["slug"],
            defaults={"position": position, **_texts(question, "question", "answer")},
        )
    for position, guide in enumerate(read("guide")["guides"]):
        row, _created = Guide.objects.update_or_create(
            slug=guide["slug"],
            defaults={"position": position, **_texts(guide, "title", "intro", "note")},
        )
        for step in guide["steps"]:
            GuideStep.objects.update_or_create(
                guide=row, position=step["n"], defaults=_texts(step, "title", "text")
            )


def load_resolutions() -> None:
    for content in read("resolutions")["documents"]:
        row, _created = Resolution.objects.update_or_create(
            slug=content["slug"],
            defaults={
                "reference": content["reference"],
                "case": content.get("case", ""),
                "adopted_on": content["date"],
                "official_url": content.get("official_url", ""),
                **_in_three("organization", content["body"]),
                **_in_three("relation", content["relation_to_petition"]),
                **_texts(content, "kind", "place", "title", "summary"),
            },
        )
        for point in content["points"]:
            ResolutionPoint.objects.update_or_create(
                resolution=row, number=point["n"], defaults=_in_three("text", point)
            )


def load_record() -> Petition:
    """e-1746 as the public record has it; no total, since none is published."""
    record = read_record(_text("petition_e1746"), now=clock.db_instant())
    import_record(record)
    return Petition.objects.get(slug=record.slug)


def load_open_petition(record: Petition, passphrase: str) -> Petition:
    """The petition to sign, opened twenty days ago through the real life cycle, and its signers."""
    content = read("petition_open")
    today = clock.db_instant().astimezone(clock.TORONTO).replace(microsecond=0, second=0)
    opens_at = today - timedelta(days=content["opens_days_ago"])
    petition = Petition.objects.create(
        slug=content["slug"],
        kind=PetitionKind.CAMPAIGN,
        follows=record,
        threshold=content["threshold"],
        opens_at=opens_at,
        closes_at=today + timedelta(days=content["closes_in_days"]),
        is_demo=True,
        **_texts(
            content,
            "title",
            "short_title",
            "summary",
            "addressee",
            "notice",
            "grievances_heading",
            "requests_heading",
            "ask",
            "why_now",
            "share_text",
        ),
    )
    write_clauses(petition, Clause.Kind.WHEREAS, content["grievances"])
    write_clauses(petition, Clause.Kind.REQUEST, content["requests"])
    _approve(petition)
    row, recovery_code = vault.create(petition, passphrase=passphrase)
    vault.open_vault(row, passphrase)
    vault.open_vault(row, recovery_code)
    for state in (PetitionState.IN_TRANSLATION, PetitionState.SCHEDULED, PetitionState.OPEN):
        lifecycle.move(petition, state, by=None, reason="demonstration", at=opens_at)
    make_signatures(petition, until=today)
    counting.recount(petition)
    counting.publish_day(petition)
    return petition


def _approve(petition: Petition) -> None:
    """Written by the translator, approved by the organizer."""
    subject = editing.subject_of(petition)
    translating.record(subject, by=User.objects.get(email="translator@example.org"))
    organizer = User.objects.get(email="organizer@example.org")
    keys = translating.may_be_approved(subject, by=organizer)
    gate.approve(petition, keys, based_on=subject.digest(), by=organizer)


def record_pages() -> None:
    """The pages are the translator's drafts: nobody who reads them daily has approved them yet."""
    translator = User.objects.get(email="translator@example.org")
    for model in texts.KINDS.values():
        for row in model.objects.all():
            texts.record(row, by=translator)


def load_brief_texts() -> None:
    """What a briefing for a Member says; whatever was written instead stays."""
    petition = Petition.objects.get(slug="cambodia-follow-up")
    content = read("briefing")
    for position, fact in enumerate(content["facts"], start=1):
        Fact.objects.get_or_create(
            petition=petition,
            position=position,
            defaults={"source": fact["source"], **_in_three("text", fact)},
        )
    for position, decision in enumerate(content["decisions"], start=1):
        Decision.objects.get_or_create(
            petition=petition,
            position=position,
            defaults={"link": decision["source"], **_in_three("text", decision)},
        )
    BriefText.objects.get_or_create(
        petition=petition,
        defaults={"changed_at": clock.db_instant(), **_texts(content, "background")},
    )
