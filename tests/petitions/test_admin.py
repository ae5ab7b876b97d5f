"""The back office looks: what the domain decides can be neither typed nor deleted there."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from petitions.models import (
    Clause,
    Delivery,
    KeySlot,
    Mailing,
    Member,
    NewsMail,
    Petition,
    PetitionEvent,
    Riding,
    Signature,
    Tally,
    TranslationState,
    Vault,
)
from petitions.states import DeliveryKind, PetitionState, TextStatus
from tests.factories import news_mails as news
from tests.factories import parliament, people
from tests.factories import petitions as make
from tests.pages import read

pytestmark = pytest.mark.django_db

LOOK_ONLY = [
    PetitionEvent,
    Signature,
    Delivery,
    Mailing,
    NewsMail,
    Vault,
    KeySlot,
    Tally,
    Riding,
    Member,
]
#: States in which a petition's text may still be written.
IN_WRITING = {PetitionState.DRAFT, PetitionState.IN_TRANSLATION}
FROZEN = sorted(set(PetitionState) - IN_WRITING)


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    """Asks no second factor of accounts that have none; that is another test's subject."""
    settings.DEMO = True


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(people.person("", superuser=True))
    return client


@pytest.fixture
def full(petition: Petition) -> Petition:
    """A petition with a row of everything that hangs on it."""
    make.riding()
    make.confirmed(petition, name="Chhaya Unusual", email="chhaya@unusual.example")
    make.submitted(petition)
    PetitionEvent.objects.create(
        petition=petition, happened_at=timezone.now(), to_state=PetitionState.OPEN
    )
    Mailing.objects.create(
        petition=petition, kind=DeliveryKind.REMIND, recipients=1, started_at=timezone.now()
    )
    news.draft(petition)
    parliament.member()
    return petition


def address(model: type[Model], act: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}", args=arguments)


def rows(model: type[Model]) -> list[dict[str, Any]]:
    """Every column of every row; a plain queryset, since the translating one leaves some out."""
    return list(QuerySet(model).order_by("pk").values())


def shown_fields(response: HttpResponse) -> set[str]:
    return {
        word.removeprefix("field-")
        for div in read(response).all("div", class_="form-row")
        for word in div.attributes["class"].split()
        if word.startswith("field-")
    }


# --- what is only looked at ------------------------------------------------------------------


def test_all_but_petitions_is_only_looked_at() -> None:
    registered = {model for model in admin.site._registry if model._meta.app_label == "petitions"}
    assert registered == {*LOOK_ONLY, Petition}


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("model", LOOK_ONLY)
def test_a_row_is_shown_and_neither_added_changed_nor_deleted(
    office: Client, model: type[Model]
) -> None:
    first = model._base_manager.order_by("pk").first()
    assert first is not None
    before = rows(model)
    looked = [
        office.get(address(model, "changelist")).status_code,
        office.get(address(model, "change", first.pk)).status_code,
    ]
    refused = [
        office.get(address(model, "add")).status_code,
        office.post(address(model, "add"), {"state": "confirmed"}).status_code,
        office.post(address(model, "change", first.pk), {"state": "confirmed"}).status_code,
        office.get(address(model, "delete", first.pk)).status_code,
        office.post(address(model, "delete", first.pk), {"post": "yes"}).status_code,
    ]
    office.post(
        address(model, "changelist"),
        {"action": "delete_selected", "_selected_action": first.pk, "post": "yes"},
    )
    assert (looked, refused) == ([200] * 2, [403] * 5)
    assert rows(model) == before


@pytest.mark.usefixtures("full")
def test_a_signature_shows_no_box_no_index_and_no_identifier(office: Client) -> None:
    signature = Signature.objects.counted().get()
    response = office.get(address(Signature, "change", signature.pk))
    assert shown_fields(response) == {
        "petition",
        "state",
        "language",
        "province",
        "source",
        "created_day",
        "is_demo",
    }
    content = response.content + office.get(address(Signature, "changelist")).content
    secrets = [bytes(signature.email_index).hex(), str(signature.public_id), "unusual", "V3B"]
    assert [each for each in secrets if each.lower() in content.decode().lower()] == []


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Vault, {"petition", "created_at"}),
        (KeySlot, {"vault", "kind", "proved_at", "created_at"}),
        (
            Delivery,
            {
                "kind",
                "state",
                "petition",
                "language",
                "attempts",
                "due_at",
                "sent_at",
                "problem",
            },
        ),
    ],
)
def test_no_key_and_no_address_is_shown(
    office: Client, model: type[Model], fields: set[str]
) -> None:
    first = model._base_manager.order_by("pk").first()
    assert first is not None
    assert shown_fields(office.get(address(model, "change", first.pk))) == fields


# --- petitions -------------------------------------------------------------------------------


def written(petition: Petition, **changes: object) -> dict[str, object]:
    """The form of a petition as its page would post it."""
    skipped = {"id", "public_id", "state", "paused_at", "is_demo", "created_at", "follows"}
    row = {field.name: getattr(petition, field.attname) for field in Petition._meta.concrete_fields}
    fields = {name: value for name, value in row.items() if name not in skipped and value}
    for name in ("opens_at", "closes_at"):
        instant = timezone.localtime(fields.pop(name))
        fields |= {f"{name}_0": f"{instant:%Y-%m-%d}", f"{name}_1": f"{instant:%H:%M:%S}"}
    empty = {"clauses-TOTAL_FORMS": 0, "clauses-INITIAL_FORMS": 0}
    return {**fields, **empty, **changes}


@pytest.mark.parametrize("state", sorted(IN_WRITING))
def test_a_text_in_writing_may_be_changed(office: Client, state: PetitionState) -> None:
    petition = make.draft_petition()
    Petition.objects.update(state=state)
    response = office.post(
        address(Petition, "change", petition.pk), written(petition, title_km="ថ្មី")
    )
    petition = Petition.objects.get()
    assert (response.status_code, petition.title_km, petition.state) == (302, "ថ្មី", state)


def test_a_text_changed_here_is_noted_for_the_translation_gate(office: Client) -> None:
    petition = make.draft_petition()
    path = address(Petition, "change", petition.pk)
    assert office.post(path, written(petition, title_km="ចំណងជើងថ្មី")).status_code == 302
    row = TranslationState.objects.get(field="title", language="km")
    assert row.status == TextStatus.DRAFT
    assert row.written_by.is_superuser


@pytest.mark.parametrize("state", FROZEN)
def test_a_text_is_frozen_from_then_on(office: Client, state: PetitionState) -> None:
    petition = make.draft_petition()
    Petition.objects.update(state=state)
    before = (rows(Petition), rows(Clause))
    path = address(Petition, "change", petition.pk)
    page = office.get(path)
    clause = Clause.objects.earliest("pk")
    response = office.post(
        path,
        written(
            petition,
            title_km="ថ្មី",
            **{
                "clauses-TOTAL_FORMS": 1,
                "clauses-INITIAL_FORMS": 1,
                "clauses-0-id": clause.pk,
                "clauses-0-petition": petition.pk,
                "clauses-0-DELETE": "on",
            },
        ),
    )
    assert (page.status_code, response.status_code) == (200, 403)
    assert not read(page).one("form", id="petition_form").all("input", name="title_km")
    assert (rows(Petition), rows(Clause)) == before


def test_the_state_and_the_pause_cannot_be_typed(office: Client) -> None:
    petition = make.draft_petition()
    office.post(
        address(Petition, "change", petition.pk),
        written(petition, state="open", paused_at_0="2018-10-24", paused_at_1="12:00"),
    )
    petition = Petition.objects.get()
    assert (petition.state, petition.paused_at) == (PetitionState.DRAFT, None)


def test_a_new_petition_is_a_draft(office: Client) -> None:
    model = make.draft_petition()
    data = written(model, slug="another", state="open")
    assert office.post(address(Petition, "add"), data).status_code == 302
    assert Petition.objects.get(slug="another").state == PetitionState.DRAFT


@pytest.mark.parametrize("state", [PetitionState.DRAFT, PetitionState.OPEN])
def test_no_petition_is_deleted(office: Client, state: PetitionState) -> None:
    petition = make.draft_petition()
    Petition.objects.update(state=state)
    path = address(Petition, "delete", petition.pk)
    assert office.post(path, {"post": "yes"}).status_code == 403
    assert Petition.objects.count() == 1


# --- staff that is no superuser --------------------------------------------------------------


def staff(*permissions: str) -> Client:
    person = people.person("")
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(person)
    return client


def test_staff_without_permission_sees_and_changes_no_petition() -> None:
    petition = make.draft_petition()
    path, client = address(Petition, "change", petition.pk), staff()
    before = rows(Petition)
    assert [client.get(path).status_code, client.post(path, written(petition)).status_code] == [
        403,
        403,
    ]
    assert client.get(address(Petition, "changelist")).status_code == 403
    assert rows(Petition) == before


def test_staff_that_may_look_may_not_change() -> None:
    petition = make.draft_petition()
    path, client = address(Petition, "change", petition.pk), staff("view_petition", "view_clause")
    response = client.post(path, written(petition, title_km="ថ្មី"))
    assert (client.get(path).status_code, response.status_code) == (200, 403)
    assert Petition.objects.get().title_km == petition.title_km


@pytest.mark.parametrize("model", [Signature, Vault])
@pytest.mark.usefixtures("full")
def test_the_permission_to_change_and_delete_gives_neither(model: type[Model]) -> None:
    name = model._meta.model_name
    client = staff(f"view_{name}", f"change_{name}", f"delete_{name}", f"add_{name}")
    first = model._base_manager.order_by("pk").first()
    assert first is not None
    before = rows(model)
    assert client.get(address(model, "change", first.pk)).status_code == 200
    assert client.post(address(model, "change", first.pk), {}).status_code == 403
    assert client.post(address(model, "delete", first.pk), {"post": "yes"}).status_code == 403
    assert rows(model) == before
