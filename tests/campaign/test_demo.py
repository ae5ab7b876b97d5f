"""The demonstration: what it brings, and that it may be loaded again."""

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from campaign.accounts.models import User
from campaign.demo import loading
from campaign.demo.signatures import CONFIRMED, PENDING
from campaign.newsroom.domain import posts
from campaign.newsroom.models import Page, Post
from campaign.parliament import loaded_words
from campaign.parliament.domain import brief_texts
from campaign.parliament.models import Fact
from petitions.domain import counting, gate, vault
from petitions.models import Petition, Signature, Tally
from petitions.states import PetitionKind, PetitionState, SignatureState
from tests.factories import petitions as make
from tests.pages import read
from tests.tables import all_rows

pytestmark = pytest.mark.django_db
NOTICE = "components/fallback_notice.html"


@pytest.fixture
def demonstration(settings: Settings, tmp_path: Path) -> Path:
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    return tmp_path


def _used(response: Any) -> set[str]:
    """The templates of an answered page."""
    assert response.status_code == 200
    return {template.name for template in response.templates}


def load() -> str:
    output = StringIO()
    call_command("loaddemo", stdout=output)
    return output.getvalue()


def test_it_needs_to_be_a_demonstration(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="needs DEMO=1"):
        load()
    assert not Petition.objects.exists()


def test_what_it_brings_and_that_a_second_load_changes_nothing(
    demonstration: Path, client: Client
) -> None:
    """One test, since loading takes seconds."""
    load()
    petition = Petition.objects.get(slug="cambodia-follow-up")
    record = Petition.objects.get(slug="e-1746")
    rows = Signature.objects.filter(petition=petition)
    confirmed = rows.filter(state=SignatureState.CONFIRMED).count()

    assert (petition.state, petition.kind, petition.is_demo) == (
        PetitionState.OPEN,
        PetitionKind.CAMPAIGN,
        True,
    )
    assert (record.state, record.kind) == (PetitionState.RESPONSE_TABLED, PetitionKind.RECORD)
    assert gate.reason_against(petition) == ""
    assert (confirmed, rows.count()) == (CONFIRMED, CONFIRMED + PENDING)
    assert not rows.exclude(is_demo=True).exists()
    assert Tally.objects.get(petition=petition).total == confirmed == counting.live_total(petition)
    assert not Signature.objects.filter(petition=record).exists()

    path = demonstration / "demo.json"
    credentials = json.loads(path.read_text())
    assert path.stat().st_mode & 0o077 == 0
    assert set(credentials) == {"users", "vault_passphrase"}
    for person in credentials["users"]:
        user = User.objects.get(email=person["email"])
        assert set(person) == {"email", "password", "role"}
        assert user.check_password(person["password"])

    key = vault.open_vault(petition.vault, credentials["vault_passphrase"])
    first = rows.earliest("pk")
    opened = vault.unseal(
        key, first.box_person, petition=petition.public_id, signature=first.public_id
    )
    assert opened["name"] == "Demo Signer 1"

    for language in ("en", "fr", "km"):
        home = client.get(f"/{language}/")
        counter = read(home).one("section", class_="counter")
        assert counter.one("p", class_="number").text == str(confirmed)
        for page in Page.objects.all():
            assert client.get(f"/{language}/{page.slug}/").status_code == 200

        for post in Post.objects.public():
            assert NOTICE not in _used(client.get(f"/{language}/news/{post.slug}/"))
        assert len(read(home).all("time")) == 3 + 2 + 2
    assert Post.objects.public().count() == 6
    assert {post.slug: posts.reasons_against(post) for post in Post.objects.public()} == {
        post.slug: [] for post in Post.objects.public()
    }

    before, kept = all_rows(), path.read_text()
    load()
    after = all_rows()
    changed = [table for table in before if before[table] != after[table]]
    assert (changed, path.read_text()) == ([], kept)


def test_the_briefing_is_complete_in_both_languages_of_parliament() -> None:
    petition = make.open_petition(slug="cambodia-follow-up")
    loading.load_brief_texts()
    Fact.objects.filter(position=1).update(source="example.org")
    loading.load_brief_texts()
    for language in ("en", "fr"):
        assert brief_texts.gaps(petition, language, pages=2) == []
    assert petition.facts.first().source == "example.org"
    assert all(fact.text_km and fact.source for fact in petition.facts.all())
    assert petition.brief_text.background_km
    assert all(each.text_km and each.link for each in petition.decisions.all())
    for _part, _position, wording in brief_texts.texts_of(petition).rows():
        assert [loaded_words.found(text, code) for code, text in wording.items()] == [[]] * 3


def _french(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield from [value] if name == "fr" and isinstance(value, str) else _french(value)
    elif isinstance(content, list):
        for each in content:
            yield from _french(each)


def test_its_french_never_breaks_before_a_colon() -> None:
    files = list(Path(loading.__file__).parent.glob("content/*.yaml"))
    texts = [text for file in files for text in _french(loading.read(file.stem))]
    assert len(texts) > 100
    assert [text for text in texts if re.search(r" [:»]|« ", text)] == []
