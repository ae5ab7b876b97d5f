"""An editor makes a second petition in three languages, and a supporter signs it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaign.accounts.roles import Role
from petitions.domain import counting, editing, vault
from petitions.models import Petition
from petitions.states import PetitionState
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make
from tests.journeys.person import Person
from tests.pages import main_text, read

pytestmark = pytest.mark.django_db

_SLUG = "rivers"
_DESK = f"/desk/petitions/{_SLUG}/"


def _written(editor: Client) -> dict[str, str]:
    """The editor's page with every required text filled in, in three languages."""
    form = read(editor.get(f"{_DESK}text/")).one("form", id="texts")
    data = {each.attributes["name"]: each.attributes["value"] for each in form.all("input")}
    words = {"en": "A clean river", "fr": "Une rivière propre", "km": "ទន្លេស្អាត"}
    names = ("title", "short_title", "summary", "addressee", "ask", "share_text", "request_1")
    return data | {
        f"{name}_{language}": words[language] for name in names for language in editing.LANGUAGES
    }


def _approves(organizer: Client) -> None:
    """All that the editor has written, a language at a press."""
    gate = f"{_DESK}translation/"
    based_on = read(organizer.get(gate)).one("input", name="based_on").attributes["value"]
    for language in editing.LANGUAGES:
        organizer.post(gate, {"based_on": based_on, "approve": f"all:{language}"})


def test_a_second_petition_is_written_opened_and_signed(
    petition: Petition, settings: Settings, set_clock: SetClock
) -> None:
    settings.DEMO = True
    editor = people.log_in(people.person(Role.TRANSLATOR))
    organizer = people.log_in(people.person(Role.ORGANIZER))

    editor.post("/desk/petitions/new/", {"language": "km", "title": "ទន្លេស្អាត", "slug": _SLUG})
    editor.post(f"{_DESK}text/", _written(editor))
    dates = {"threshold": "100", "opening": "at_once", "time": "", "date": "", "days": "90"}
    editor.post(f"{_DESK}dates/", dates)
    assert Client().get(f"/en/petitions/{_SLUG}/").status_code == 404
    made = Petition.objects.get(slug=_SLUG)
    assert editing.texts_of(made).progress()["km"] == (7, 7)

    organizer.post(f"{_DESK}move/in_translation/", {"reason": ""})
    refused = organizer.post(f"{_DESK}move/scheduled/", {"reason": ""})
    assert "Title in English is not approved yet." in main_text(refused)
    _approves(organizer)
    refused = organizer.post(f"{_DESK}move/scheduled/", {"reason": ""})
    assert "The vault has not been proved" in main_text(refused)
    row, code = vault.create(made, passphrase=make.PASSPHRASE)
    vault.open_vault(row, make.PASSPHRASE)
    vault.open_vault(row, code)
    organizer.post(f"{_DESK}move/scheduled/", {"reason": ""})
    made.refresh_from_db()
    assert made.state == PetitionState.OPEN

    dara = Person("km", "dara@example.org", "សុខ ដារ៉ា")
    dara.opens("/km/petitions/")
    dara.follows(f"/petitions/{_SLUG}/")
    assert dara.is_at("ទន្លេស្អាត")
    dara.signs(made)
    dara.opens(dara.link("c"))
    dara.presses("confirm")
    set_clock(timezone.now() + timedelta(seconds=5))
    counting.tally_changed()
    # Under five the page invites instead of counting.
    assert Client().get(f"/petitions/{_SLUG}/count.json").json()["confirmed"] == 1
    assert "1 of 100 confirmed" in main_text(organizer.get("/desk/petitions/"))
