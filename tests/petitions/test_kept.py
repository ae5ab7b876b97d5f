"""What is kept for a crowd that signs: it saves work, and decides nothing."""

import re
from uuid import uuid4

import pytest
from django import forms
from django.test import Client, RequestFactory
from django.utils import timezone
from limits.storage import MemoryStorage
from pytest_django import DjangoAssertNumQueries, Settings

from petitions import networks
from petitions.domain import tokens
from petitions.forms import LongSelect
from petitions.models import Petition, Signature
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def kept(settings: Settings) -> None:
    settings.KEPT_SECONDS = 60


def form(petition: Petition) -> str:
    return f"/en/petitions/{petition.slug}/sign/"


def link(signature: Signature) -> str:
    return f"/c/{tokens.confirm_token(signature.public_id, signature.generation)}"


def test_the_second_form_costs_no_query_and_has_a_token_of_its_own(
    client: Client, petition: Petition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(form(petition))
    with django_assert_num_queries(0):
        second = client.get(form(petition))
    found = [TOKEN.search(page.content.decode()) for page in (first, second)]
    assert all(found)
    mine, theirs = (match[1] for match in found if match)
    assert mine != theirs
    assert first.content.decode().replace(mine, theirs) == second.content.decode()
    for token in (mine, theirs):
        tokens.check_form_token(token, petition.public_id)
    for page in (first, second):
        assert page.headers["Cache-Control"] == "no-store"


def test_a_source_is_not_lost_to_a_kept_form(client: Client, petition: Petition) -> None:
    client.get(form(petition))
    assert 'value="poster-7"' in client.get(f"{form(petition)}?s=poster-7").content.decode()
    assert "poster-7" not in client.get(form(petition)).content.decode()


def test_whether_signing_is_open_is_not_kept(client: Client, petition: Petition) -> None:
    client.get(form(petition))
    Petition.objects.update(paused_at=timezone.now())
    answer = client.post(form(petition), make.form_data(petition))
    assert answer.status_code == 200
    assert not Signature.objects.exists()


def test_the_page_of_a_link_is_made_once_and_names_nobody(
    client: Client, petition: Petition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mine, theirs = (make.submitted(petition, email=f"{uuid4()}@example.org") for _ in range(2))
    first = client.get(link(mine))
    with django_assert_num_queries(2):  # whose link it is, and whether it can be confirmed
        second = client.get(link(theirs))
    assert first.content == second.content
    assert first.headers["Referrer-Policy"] == second.headers["Referrer-Policy"] == "no-referrer"


def test_whether_a_link_still_serves_is_not_kept(client: Client, petition: Petition) -> None:
    signature = make.submitted(petition)
    before = client.get(link(signature)).content
    assert client.post(link(signature)).status_code == 303
    assert client.get(link(signature)).content != before


def test_a_long_select_is_written_as_django_writes_it() -> None:
    choices = [("", "Choose"), ("CI", "Côte d'Ivoire"), ("<>", "A & B")]
    attributes = {"autocomplete": "country"}
    for value in ("", None, "CI", "<>", "elsewhere"):
        own, djangos = (
            re.sub(r"\s*\n\s*", "\n", kind(attrs=attributes, choices=choices).render("c", value))
            for kind in (LongSelect, forms.Select)
        )
        assert own == djangos


def test_one_thread_alone_makes_the_store_of_limits(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """The first who sign come together, and making it twice at once is an error in `limits`."""
    settings.PETITIONS_LIMITS_STORAGE = "redis://127.0.0.1:1/0"
    alone: list[bool] = []

    def make_store(*_arguments: object, **_options: object) -> MemoryStorage:
        alone.append(networks._making.locked())
        return MemoryStorage()

    monkeypatch.setattr(networks, "storage_from_string", make_store)
    assert networks.over_limit(RequestFactory().post("/"), "sign") is None
    assert alone == [True]
