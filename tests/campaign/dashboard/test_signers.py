"""One signer by an exact address, and names while the vault is open: who may, and what is kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from campaign.accounts.domain import sessions
from campaign.accounts.models import User
from campaign.accounts.roles import Role
from petitions import clock
from petitions.domain import signers
from petitions.models import AuditEvent, Delivery, ListEnd, Petition, Signature, VaultSession
from petitions.states import DeliveryState
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import main_text, read
from tests.tables import all_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return people.person(Role.LIST_KEEPER)


@pytest.fixture
def keeper(person: User) -> Client:
    return people.log_in(person)


def _path(petition: Petition, rest: str = "") -> str:
    return f"/desk/petitions/{petition.slug}/signers/{rest}"


def _opens(client: Client, petition: Petition, passphrase: str = make.PASSPHRASE) -> int:
    return client.post(_path(petition, "open/"), {"secret": passphrase}).status_code


def _looks(client: Client, petition: Petition, name: str = "", **filters: object) -> HttpResponse:
    query = "&".join(f"{key}={value}" for key, value in filters.items())
    response = client.post(_path(petition, f"list/?{query}"), {"name": name})
    assert response.status_code == 200
    return response


def _names(response: HttpResponse) -> list[str]:
    return [each.text for each in read(response).all("bdi")]


def _kept(kind: str) -> list[dict[str, object]]:
    lines = AuditEvent.objects.filter(kind=kind).order_by("pk")
    return [line.detail for line in lines]


# --- numbers and one address -----------------------------------------------------------------


def test_states_are_counted_and_no_name_is_on_the_page(petition: Petition, keeper: Client) -> None:
    make.confirmed(petition, name="Counted")
    make.submitted(petition, name="Waiting")
    held = make.confirmed(petition, name="Held")
    Signature.objects.filter(pk=held.pk).update(
        held_at=clock.db_now(), held_rule="name", uncounted_at=clock.db_now()
    )
    response = keeper.get(_path(petition))
    assert response.context["counts"] == {
        "counted": 1,
        "held": 1,
        "pending": 1,
        "withdrawn": 0,
        "rejected": 0,
    }
    assert response["Cache-Control"] == "no-store"


def test_an_exact_address_tells_the_state_and_its_mails(
    petition: Petition, person: User, keeper: Client
) -> None:
    make.confirmed(petition, name="Canary Name", email="dara@example.org", language="fr")
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=timezone.now(), address=None)
    response = keeper.post(_path(petition), {"email": "Dara@Example.org"})
    (entry,) = response.context["answer"]
    assert (entry["state"], entry["language"], entry["sent"], entry["refused"]) == (
        "Confirmed",
        "Français",
        1,
        0,
    )
    page = response.content.decode()
    assert "British Columbia" in page
    assert "Canary" not in page
    (line,) = AuditEvent.objects.filter(kind="address_asked")
    assert (line.actor, line.petition, line.detail) == (person.pk, petition, {"found": 1})


@pytest.mark.parametrize("typed", ["dar@example.org", "dara@example.or"])
def test_a_part_of_an_address_or_another_petitions_finds_nothing(
    petition: Petition, keeper: Client, typed: str
) -> None:
    make.confirmed(petition, email="dara@example.org")
    make.confirmed(make.open_petition(), email=typed)
    response = keeper.post(_path(petition), {"email": typed})
    assert response.context["answer"] == []
    assert "No signature with this address" in main_text(response)
    assert _kept("address_asked") == [{"found": 0}]


def test_the_thirty_first_address_in_an_hour_is_refused(
    petition: Petition, keeper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signers, "MOST_ASKED", 2)
    make.confirmed(petition, email="dara@example.org")
    asked = {"email": "dara@example.org"}
    assert [keeper.post(_path(petition), asked).status_code for _turn in range(3)] == [
        200,
        200,
        429,
    ]
    refused = keeper.post(_path(petition), asked)
    assert "You have looked for 2 addresses in an hour" in main_text(refused)
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert refused.context["answer"] is None
    assert len(_kept("address_asked")) == 2
    other = people.log_in(people.person(Role.ADMIN))
    assert other.post(_path(petition), asked).status_code == 200


def test_after_an_hour_of_the_databases_clock_one_may_ask_again(
    petition: Petition, person: User, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signers, "MOST_ASKED", 1)
    signers.ask_address(petition, "dara@example.org", by=person)
    asked = AuditEvent.objects.get(kind="address_asked").happened_at
    set_clock(asked + timedelta(minutes=59))
    with pytest.raises(signers.TooManyQuestionsError) as refused:
        signers.ask_address(petition, "dara@example.org", by=person)
    assert refused.value.wait == 60
    set_clock(asked + timedelta(minutes=60))
    assert signers.ask_address(petition, "dara@example.org", by=person) == []


# --- the vault's door ------------------------------------------------------------------------


def test_the_secret_stands_in_a_cookie_for_the_desk_of_this_browser(
    petition: Petition, keeper: Client
) -> None:
    assert _opens(keeper, petition) == 302
    cookie = keeper.cookies[f"vault-{petition.pk}"]
    flags = {name: cookie[name] for name in ("path", "httponly", "samesite", "max-age", "secure")}
    assert flags == {
        "path": "/desk/",
        "httponly": True,
        "samesite": "Strict",
        "max-age": 600,
        "secure": "",
    }
    assert "The vault is open in this browser until" in main_text(keeper.get(_path(petition)))
    assert "passphrase" not in str(keeper.session.items())
    assert cookie.value not in repr(all_rows())


def test_behind_https_browsers_hold_the_cookie_to_its_word(
    petition: Petition, keeper: Client, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    keeper.post(_path(petition, "open/"), {"secret": make.PASSPHRASE})
    assert keeper.cookies[f"__Secure-vault-{petition.pk}"]["secure"] is True


def test_without_the_cookie_or_the_row_no_name_is_seen(petition: Petition, keeper: Client) -> None:
    make.confirmed(petition, name="Canary Name")
    assert _opens(keeper, petition) == 302
    assert _names(_looks(keeper, petition)) == ["Canary Name"]
    kept = keeper.cookies.pop(f"vault-{petition.pk}")
    assert keeper.post(_path(petition, "list/")).status_code == 302
    keeper.cookies[f"vault-{petition.pk}"] = kept.value
    assert _names(_looks(keeper, petition)) == ["Canary Name"]
    VaultSession.objects.all().delete()
    assert keeper.post(_path(petition, "list/")).status_code == 302


def test_a_wrong_passphrase_and_an_old_log_in_open_nothing(
    petition: Petition, keeper: Client
) -> None:
    refused = keeper.post(_path(petition, "open/"), {"secret": "mistaken"})
    assert refused.status_code == 422
    assert "mistaken" not in refused.content.decode()
    assert _kept("vault_shut") == [{}]
    people.age_session(keeper, minutes=6)
    stale = keeper.post(_path(petition, "open/"), {"secret": make.PASSPHRASE})
    assert stale.status_code == 403
    assert make.PASSPHRASE not in stale.content.decode()
    assert not VaultSession.objects.exists()


def test_the_second_factor_must_be_fresh_too(petition: Petition, person: User) -> None:
    client = people.log_in_with_code(person, people.second_factor(person))
    people.age_session(client, minutes=6, method="mfa")
    assert _opens(client, petition) == 403
    assert not VaultSession.objects.exists()


def test_passphrases_are_limited_as_for_an_export(
    petition: Petition, keeper: Client, settings: Settings
) -> None:
    settings.PETITIONS_WEB_PROCESSES = 1
    statuses = [_opens(keeper, petition, "mistaken") for _turn in range(11)]
    assert statuses == [*[422] * 10, 429]


def _by_button(client: Client, petition: Petition, _person: User) -> None:
    client.post(_path(petition, "close/"))


def _by_signing_out(client: Client, _petition: Petition, _person: User) -> None:
    client.post("/accounts/logout/")


def _by_another_password(client: Client, _petition: Petition, _person: User) -> None:
    new = "quite another passphrase here"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": people.PASSWORD, "password1": new, "password2": new},
    )


def _by_an_administrator(_client: Client, _petition: Petition, person: User) -> None:
    sessions.end_all(person, by=people.person(Role.ADMIN))


@pytest.mark.parametrize(
    "ends", [_by_button, _by_signing_out, _by_another_password, _by_an_administrator]
)
def test_it_closes_before_its_time(
    petition: Petition, person: User, keeper: Client, ends: object
) -> None:
    assert _opens(keeper, petition) == 302
    ends(keeper, petition, person)  # type: ignore[operator]
    assert not VaultSession.objects.exists()
    (line,) = AuditEvent.objects.filter(kind="vault_closed")
    assert (line.actor == person.pk) is (ends is not _by_an_administrator)


def test_an_erased_list_opens_no_more(petition: Petition, keeper: Client) -> None:
    make.confirmed(petition, name="Canary Name")
    assert _opens(keeper, petition) == 302
    ListEnd.objects.create(petition=petition, erased_at=timezone.now())
    assert keeper.post(_path(petition, "list/")).status_code == 302
    assert _opens(keeper, petition) == 410
    assert "The list was erased on" in main_text(keeper.get(_path(petition)))


def test_administrators_read_in_the_audit_log_what_was_done(
    petition: Petition, person: User, keeper: Client
) -> None:
    _opens(keeper, petition)
    _looks(keeper, petition, "canary", province="BC")
    keeper.post(_path(petition), {"email": "canary@example.org"})
    keeper.post(_path(petition, "close/"))
    log = main_text(people.log_in(people.person(Role.ADMIN)).get("/desk/team/audit/"))
    acts = ("Vault opened", "Signer list looked at", "Signer looked for by address", "Vault closed")
    assert all(act in log for act in acts)
    assert "Province or territory · Full name" in log
    assert "not found" in log
    assert "canary" not in log


# --- the open list ---------------------------------------------------------------------------


def test_looking_at_the_page_opens_no_name_and_writes_nothing(
    petition: Petition, keeper: Client
) -> None:
    make.confirmed(petition, name="Canary Name")
    _opens(keeper, petition)
    before = all_rows()
    page = keeper.get(_path(petition, "list/?province=BC")).content.decode()
    assert all_rows() == before
    assert "Look among 1 signer" in page
    assert "Canary" not in page


def test_only_confirmed_names_are_listed_the_newest_first(
    petition: Petition, keeper: Client
) -> None:
    for name in ("First", "Second"):
        make.confirmed(petition, name=name)
    make.submitted(petition, name="Waiting")
    make.confirmed(make.open_petition(), name="Elsewhere")
    _opens(keeper, petition)
    assert _names(_looks(keeper, petition)) == ["Second", "First"]


def test_province_riding_and_day_narrow_the_list(petition: Petition, keeper: Client) -> None:
    riding = make.riding()
    make.confirmed(petition, name="West")
    east = make.confirmed(petition, name="East", province="QC", postal_code="H2X 1A1")
    earlier = timezone.now() - timedelta(days=3)
    Signature.objects.filter(pk=east.pk).update(confirmed_at=earlier)
    _opens(keeper, petition)
    assert _names(_looks(keeper, petition, province="QC")) == ["East"]
    assert _names(_looks(keeper, petition, riding=riding.pk)) == ["West"]
    assert _names(_looks(keeper, petition, day=clock.day_of(earlier))) == ["East"]
    assert keeper.post(_path(petition, "list/?day=nonsense")).status_code == 422
    assert _kept("list_read") == [{"filters": kind} for kind in ("province", "riding", "day")]


def test_a_name_is_found_in_any_order_and_spelling(petition: Petition, keeper: Client) -> None:
    make.confirmed(petition, name="សុខ ស្រ្តី")
    make.confirmed(petition, name="Néang Sokha")
    _opens(keeper, petition)
    assert _names(_looks(keeper, petition, "ស្ត្រី សុខ")) == ["សុខ ស្រ្តី"]
    assert _names(_looks(keeper, petition, "sokha neang")) == ["Néang Sokha"]
    assert _names(_looks(keeper, petition, "vanna")) == []
    assert keeper.post(_path(petition, "list/"), {"name": "!"}).status_code == 422


def test_blocks_lose_and_repeat_nobody(
    petition: Petition, keeper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signers, "BLOCK", 2)
    for letter in "abcde":
        make.confirmed(petition, name=f"Signer {letter}")
    _opens(keeper, petition)
    seen, further = [], ""
    for _turn in range(3):
        response = keeper.post(_path(petition, f"list/?{further}"), {"name": ""})
        seen += _names(response)
        further = response.context["further"]
    assert seen == [f"Signer {letter}" for letter in "edcba"]
    assert further == ""


def test_a_search_opens_so_many_boxes_and_then_goes_on(
    petition: Petition, keeper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signers, "MOST_OPENED", 2)
    for name in ("Sok Dara", "Chan Vanna", "Chan Sokha"):
        make.confirmed(petition, name=name)
    _opens(keeper, petition)
    first = keeper.post(_path(petition, "list/?province=BC"), {"name": "dara"})
    assert (first.context["rows"], first.context["found"].opened) == ([], 2)
    assert "Search further" in main_text(first)
    next_one = keeper.post(_path(petition, f"list/?{first.context['further']}"), {"name": "dara"})
    assert _names(next_one) == ["Sok Dara"]
    assert next_one.context["further"] == ""


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ request.user }}",
    "</bdi><b>",
]


def test_names_are_text_whatever_stands_in_them(petition: Petition, keeper: Client) -> None:
    for payload in PAYLOADS:
        make.confirmed(petition, name=payload)
    _opens(keeper, petition)
    response = _looks(keeper, petition)
    assert _names(response) == PAYLOADS[::-1]
    page = response.content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page


def test_a_forged_box_is_told_and_hides_nobody(petition: Petition, keeper: Client) -> None:
    make.confirmed(petition, name="Sok Dara")
    forged = make.confirmed(petition, name="Forged")
    Signature.objects.filter(pk=forged.pk).update(box_person=b"nothing sealed")
    _opens(keeper, petition)
    response = _looks(keeper, petition)
    assert _names(response) == ["Sok Dara"]
    assert "does not open with the vault" in main_text(response)


def test_no_look_leaves_a_name_behind(
    petition: Petition,
    keeper: Client,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither in a table nor in the cache nor in the log; audit lines say what was looked by."""
    settings.VAR_DIR = tmp_path
    make.confirmed(petition, name="Canary Sokunthea", email="canary@example.org")
    _opens(keeper, petition)
    with caplog.at_level("DEBUG"):
        assert _names(_looks(keeper, petition, "canary", province="BC")) == ["Canary Sokunthea"]
        keeper.post(_path(petition), {"email": "canary@example.org"})
    kept = repr(all_rows()).casefold()
    assert "list_read" in kept
    logged = " ".join(str(each.msg) for each in caplog.records if each.name != "django.db.backends")
    for place in (kept, logged.casefold(), repr(vars(caches["default"])).casefold()):
        assert "canary" not in place
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert _kept("list_read") == [{"filters": "province name"}]


def test_an_open_list_costs_a_fixed_number_of_queries(petition: Petition, keeper: Client) -> None:
    _opens(keeper, petition)
    counts = []
    for _turn in range(2):
        make.confirmed(petition)
        with CaptureQueriesContext(connection) as queries:
            _looks(keeper, petition)
        counts.append(len(queries))
    assert counts[0] == counts[1]
