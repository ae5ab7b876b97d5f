"""One petition from its first words to the government's response, by seven people.

The database's clock is moved through nine months; at every public step page, timeline, data and
mails are compared in three languages.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django import Settings

from campaign.accounts.roles import Role
from petitions import clock, formats
from petitions.domain import counting, editing, examining, vault
from petitions.domain.authorizing import OFFICE_DOMAIN
from petitions.models import Petition, SittingDay
from petitions.states import PetitionState
from petitions.tasks import advance, send_mail
from tests.conftest import SetClock
from tests.factories import outcomes, parliament, people
from tests.factories import petitions as make
from tests.journeys.person import Person
from tests.pages import main_text, read, typed

pytestmark = pytest.mark.django_db

_DAY = timedelta(days=1)
_WRITTEN = {
    "title": "Stand by voters in Cambodia",
    "summary": "A summary.",
    "whereas": "The opposition was dissolved in November 2017;",
    "requests": "Call for free elections.",
    "addressee_kind": "house",
    "addressee": "",
    "duration": "120",
    "keywords": "Cambodia, elections",
}
#: What the translator writes; with the figure and the name of the original where it has them.
_TRANSLATED = {
    "title_fr": "Soutenir les électeurs au Cambodge",
    "title_km": "គាំទ្រអ្នកបោះឆ្នោតនៅកម្ពុជា",
    "whereas_1_fr": "L'opposition a été dissoute en novembre 2017;",
    "whereas_1_km": "គណបក្សប្រឆាំងត្រូវបានរំលាយនៅខែវិច្ឆិកា ឆ្នាំ២០១៧",
    "request_1_fr": "Demander des élections libres.",
    "request_1_km": "អំពាវនាវឱ្យមានការបោះឆ្នោតដោយសេរី",
}
_IN_LANGUAGE = {"en": "Words in English", "fr": "Mots en français", "km": "ពាក្យជាភាសាខ្មែរ"}


class Way:
    """The petition, its seven people, and the clock that they share."""

    def __init__(self, set_clock: SetClock) -> None:
        self.set_clock = set_clock
        self.now = timezone.now()
        self.petitioner_user = people.person(Role.PETITIONER, language="fr")
        self.petitioner = people.log_in(self.petitioner_user)
        self.clerk = people.log_in(people.person(Role.CLERK))
        self.translator = people.log_in(people.person(Role.TRANSLATOR))
        self.organizer = people.log_in(people.person(Role.ORGANIZER))
        self.supporter = Person("en", "sok@example.org", "Sok Sothea")
        self.office = Person("en", f"a.member@{OFFICE_DOMAIN}")
        self.signer = Person("km", "dara@example.org", "សុខ ដារ៉ា")

    @property
    def petition(self) -> Petition:
        return Petition.objects.get()

    @property
    def desk(self) -> str:
        return f"/desk/petitions/{self.petition.slug}/"

    def passes(self, time: timedelta) -> None:
        """Time goes by, and the worker does what is due."""
        self.now += time
        self.set_clock(self.now)
        advance()
        counting.tally_changed()
        send_mail()

    def is_public(self) -> bool:
        return Client().get(f"/petitions/{self.petition.slug}.json").status_code == 200


@pytest.fixture
def way(set_clock: SetClock, settings: Settings) -> Way:
    settings.DEMO = True  # no second factor
    return Way(set_clock)


def _today(way: Way) -> date:
    return way.now.astimezone(clock.TORONTO).date()


def _subjects(email: str) -> list[str]:
    return [str(message.subject) for message in mail.outbox if message.to == [email]]


def _all_agree(way: Way, state: PetitionState, subject: str = "", signers: str = "") -> None:
    """The page, its timeline, the data and the newest mails tell the same state and day.

    `signers` is the subject for who signed, where theirs is another one.
    """
    send_mail()
    petition = way.petition
    data = Client().get(f"/petitions/{petition.slug}.json").json()
    assert (petition.state, data["status"]) == (state, state)
    reached = datetime.fromisoformat(data["status_reached_date_time"]).astimezone(clock.TORONTO)
    for language, name in data["status_name"].items():
        page = Client().get(f"/{language}/petitions/{petition.slug}/")
        newest = read(page).one("ol", class_="timeline").all("li")[0]
        day = newest.one("time").attributes["datetime"]
        assert name in newest.text
        assert day == reached.date().isoformat()
        assert name in read(page).one("header", class_="text").text
    if subject:
        assert _newest(way.petitioner_user.email) == _in("fr", subject)
        assert _newest(way.supporter.email) == _in("en", subject)
        assert _newest(way.signer.email) == _in("km", signers or subject)


def _newest(email: str) -> str:
    return _subjects(email)[-1]


def _in(language: str, message: str) -> str:
    with translation.override(language):
        return gettext(message)


# --- the steps -------------------------------------------------------------------------------


def _is_drafted(way: Way) -> None:
    """Too many words are refused by name; then the petitioner asks five people."""
    way.petitioner.post("/petitioner/", {"language": "en", "title": "Stand by voters"})
    _writes(way, whereas="word " * 251)
    refused = way.petitioner.post("/petitioner/supporters/", _five())
    assert way.petition.state == PetitionState.DRAFT
    assert refused.status_code == 422
    _writes(way)
    way.petitioner.post("/petitioner/supporters/", _five())
    assert way.petition.state == PetitionState.GATHERING_SUPPORTERS


def _writes(way: Way, **changes: str) -> None:
    based_on = editing.texts_of(way.petition).digest()
    way.petitioner.post("/petitioner/text/", {**_WRITTEN, "based_on": based_on, **changes})


def _five() -> dict[str, str]:
    asked = {"agreed": "on"}
    for row, name in enumerate(("sok", "chan", "mony", "rith", "vanna")):
        asked |= {f"name_{row}": f"{name} Chea", f"email_{row}": f"{name}@example.org"}
        asked[f"language_{row}"] = "en"
    return asked


def _is_supported(way: Way) -> None:
    """Each by the mailed link; at the fifth the petition goes on."""
    for name in ("chan", "mony", "rith", "vanna", "sok"):
        assert way.petition.state == PetitionState.GATHERING_SUPPORTERS
        person = way.supporter if name == "sok" else Person("en", f"{name}@example.org")
        person.opens(person.link("support"))
        person.presses(
            "support",
            eligibility="resident",
            residence="canada",
            province="BC",
            declaration="on",
            terms="on",
        )
    assert way.petition.state == PetitionState.AWAITING_MP


def _is_authorized(way: Way) -> None:
    """One Member lets thirty days pass; the next one's office says yes."""
    silent, member = parliament.member(), parliament.member()
    way.petitioner.post("/petitioner/member/", _ask(silent.pk, f"silent@{OFFICE_DOMAIN}"))
    way.passes(31 * _DAY)
    way.petitioner.post("/petitioner/member/", _ask(member.pk, way.office.email))
    way.office.opens(way.office.link("mp"))
    assert way.office.reads("Authorizing publication does not mean endorsing it.")
    way.office.presses("authorize", may_be_named="on")
    petition = way.petition
    assert (petition.state, petition.sponsor_name) == (PetitionState.IN_EXAMINATION, member.name)


def _ask(member: int, email: str) -> dict[str, Any]:
    return {"member": member, "email": email, "language": "en"}


def _is_examined(way: Way) -> None:
    points = {f"met_{point.key}": "met" for point in examining.POINTS}
    way.clerk.post(f"{way.desk}examination/", {**points, "act": "accept"})
    assert way.petition.state == PetitionState.IN_TRANSLATION


def _is_translated(way: Way) -> None:
    """What lacks a clause in Khmer, or tells another figure in French, does not open."""
    written = _texts(way)
    way.translator.post(f"{way.desk}text/", written | {"whereas_1_km": "", "request_1_fr": "1918"})
    dates = {"threshold": "2", "opening": "at_once", "time": "", "date": "", "days": "120"}
    way.translator.post(f"{way.desk}dates/", dates)
    row, code = vault.create(way.petition, passphrase=make.PASSPHRASE)
    vault.open_vault(row, make.PASSPHRASE)
    vault.open_vault(row, code)
    _approves(way)
    refused = main_text(way.organizer.post(f"{way.desk}move/scheduled/", {"reason": ""}))
    assert "Whereas 1 in Khmer is missing." in refused
    assert "Request 1 in French: Figures that are only here: 1918." in refused
    assert not way.is_public()
    mended = {"request_1_fr": _TRANSLATED["request_1_fr"]}
    way.translator.post(f"{way.desk}text/", _texts(way) | mended)
    _approves(way)


def _texts(way: Way) -> dict[str, str]:
    """The editor's page with whatever stands in it, and every empty text filled in."""
    form = read(way.translator.get(f"{way.desk}text/")).one("form", id="texts")
    written = {each.attributes["name"]: each.text for each in form.all("textarea")}
    typed_in = {each.attributes["name"]: each.attributes["value"] for each in form.all("input")}
    both = (written | typed_in).items()
    return {
        name: text or _TRANSLATED.get(name) or _IN_LANGUAGE.get(name[-2:], "")
        for name, text in both
    }


def _approves(way: Way) -> None:
    gate = f"{way.desk}translation/"
    based_on = read(way.organizer.get(gate)).one("input", name="based_on").attributes["value"]
    for language in editing.LANGUAGES:
        way.organizer.post(gate, {"based_on": based_on, "approve": f"all:{language}"})


def _opens(way: Way) -> None:
    way.organizer.post(f"{way.desk}move/scheduled/", {"reason": ""})
    way.passes(_DAY)
    _all_agree_on_opening(way)


def _all_agree_on_opening(way: Way) -> None:
    """Nobody has asked for news yet, so two people hear of it."""
    _all_agree(way, PetitionState.OPEN)
    assert _newest(way.supporter.email) == "The petition is open"
    assert _newest(way.petitioner_user.email) == _in("fr", "The petition is open")


def _is_signed(way: Way) -> None:
    for person in (way.signer, Person("fr", "marie@example.org", "Marie Tremblay")):
        person.opens(f"/{person.language}/petitions/{way.petition.slug}/sign/")
        person.sends(_signs(person))
        person.opens(person.link("c"))
        person.presses("confirm")
    way.passes(timedelta(minutes=1))
    data = Client().get(f"/petitions/{way.petition.slug}.json").json()
    assert (data["signature_count"], data["signature_count_is_final"]) == (2, False)


def _signs(person: Person) -> dict[str, str]:
    return {
        **typed(person.page),
        "eligibility": "citizen",
        "name": person.name,
        "email": person.email,
        "residence": "canada",
        "province": "BC",
        "postal_code": "v3b 1a1",
        "declaration": "on",
        "updates": "on",
    }


def _closes(way: Way) -> None:
    """The clock does it: nobody presses anything."""
    way.passes(119 * _DAY)
    told = ("The petition has closed", "The petition you signed has closed")
    _all_agree(way, PetitionState.CLOSED, *told)


def _is_certified(way: Way) -> None:
    """Not while mailed links still count; then the total is final."""
    way.organizer.post(f"{way.desk}move/certified/", {"reason": ""})
    assert way.petition.state == PetitionState.CLOSED
    way.passes(2 * _DAY)
    way.organizer.post(f"{way.desk}move/certified/", {"reason": ""})
    _all_agree(way, PetitionState.CERTIFIED, "The count is final")
    data = Client().get(f"/petitions/{way.petition.slug}.json").json()
    assert (data["signature_count"], data["signature_count_is_final"]) == (2, True)
    assert way.organizer.get(f"{way.desk}certificate.fr.pdf").content.startswith(b"%PDF")


def _is_presented(way: Way) -> None:
    way.passes(10 * _DAY)
    member = way.petition.mp_requests.get(state="authorized").member
    presented = {"member": member.pk, "day": _today(way).isoformat(), "number": "421-03054"}
    way.organizer.post(f"{way.desk}presentation/", presented)
    _all_agree(way, PetitionState.PRESENTED, "The petition was presented")


def _is_late_then_answered(way: Way) -> None:
    """The 45th day is no sitting day: the government has until the next one."""
    due = _today(way) + timedelta(days=48)
    SittingDay.objects.create(day=due)
    page = main_text(Client().get(f"/en/petitions/{way.petition.slug}/"))
    assert f"The government must respond by {formats.long_date(due)}." in page
    way.passes(48 * _DAY)
    assert way.petition.state == PetitionState.PRESENTED
    way.passes(_DAY)
    _all_agree(way, PetitionState.RESPONSE_OVERDUE)
    summary = {f"summary_{code}": text for code, text in outcomes.IN_THREE.items()}
    tabled = {"day": _today(way).isoformat(), "minister": "A Minister"}
    way.organizer.post(f"{way.desk}response/", {**tabled, **summary})
    _all_agree(way, PetitionState.RESPONSE_TABLED, "A response has been received")


def test_from_a_draft_to_a_tabled_response(way: Way) -> None:
    steps_before = (
        _is_drafted,
        _is_supported,
        _is_authorized,
        _is_examined,
        _is_translated,
    )
    for step in steps_before:
        step(way)
        assert not way.is_public()
        way.passes(_DAY)
    for step in (_opens, _is_signed, _closes, _is_certified, _is_presented, _is_late_then_answered):
        step(way)
    _all_was_told(way)


def _all_was_told(way: Way) -> None:
    """Who signed heard of each step once, and the timeline has them all."""
    told = (
        "The petition you signed has closed",
        "The count is final",
        "The petition was presented",
        "A response has been received",
    )
    assert _subjects(way.signer.email)[-4:] == [_in("km", each) for each in told]
    page = Client().get(f"/en/petitions/{way.petition.slug}/")
    entries = [each.text for each in read(page).one("ol", class_="timeline").all("li")]
    steps = (
        "Government response tabled · A Minister",
        "Government response overdue",
        "petition no. 421-03054",
        "Certified · 2 confirmed signatures",
        "Closed for signature",
        "2 signatures confirmed",
        "Open for signature",
    )
    assert len(entries) == len(steps)
    assert all(step in entry for step, entry in zip(steps, entries, strict=True))
