"""Nothing leaves before a record, a fresh log-in and the right passphrase."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaign.accounts.roles import Role
from petitions import clock
from petitions.models import ExportRecord, Petition
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def keeper() -> Client:
    return people.log_in(people.person(Role.LIST_KEEPER))


def _asked(**changes: object) -> dict[str, object]:
    return {
        "purpose": "present",
        "reason": "Presenting in the House",
        "recipient": "Office of the Member",
        "destroy_by": f"{clock.today() + timedelta(days=30):%Y-%m-%d}",
        "fields_asked": ["name", "province", "date"],
        "province": "",
        "riding": "",
        "file_format": "excel",
        "passphrase": make.PASSPHRASE,
        **changes,
    }


def _path(petition: Petition) -> str:
    return f"/desk/petitions/{petition.slug}/export/"


def test_the_right_passphrase_is_answered_with_the_file(petition: Petition, keeper: Client) -> None:
    make.confirmed(petition, name="សុខ ដារ៉ា")
    make.submitted(petition, name="Not Yet")
    response = keeper.post(_path(petition), _asked())
    content = response.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    heading, row, end = content.decode("utf-8-sig").splitlines()
    assert heading == '"name","province","date"'
    assert row.startswith('"សុខ ដារ៉ា","BC",')
    assert end == "# end, 1 rows"
    record = ExportRecord.objects.get()
    assert (record.rows, len(record.digest)) == (1, 64)
    assert (record.recipient, record.fields) == (
        "Office of the Member",
        ["name", "province", "date"],
    )
    assert record.destroy_by == clock.today() + timedelta(days=30)
    assert (
        f"destroys it by {record.destroy_by:%Y-%m-%d}"
        in keeper.get(_path(petition)).content.decode()
    )
    assert response["Cache-Control"] == "no-store"


def test_a_wrong_passphrase_gives_no_byte_and_no_record(petition: Petition, keeper: Client) -> None:
    make.confirmed(petition, name="Sok Dara")
    response = keeper.post(_path(petition), _asked(passphrase="mistaken"))
    assert response.status_code == 422
    assert "Sok Dara" not in response.content.decode()
    assert "This passphrase does not open the vault" in response.content.decode()
    assert "Presenting in the House" in response.content.decode()
    assert "mistaken" not in response.content.decode()
    assert not ExportRecord.objects.exists()


def test_ten_wrong_passphrases_are_enough(
    petition: Petition, keeper: Client, settings: Settings
) -> None:
    settings.PETITIONS_WEB_PROCESSES = 1
    statuses = [
        keeper.post(_path(petition), _asked(passphrase="mistaken")).status_code
        for _turn in range(11)
    ]
    assert statuses == [*[422] * 10, 429]


def test_a_log_in_older_than_five_minutes_gives_no_byte(petition: Petition, keeper: Client) -> None:
    make.confirmed(petition)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        looked = keeper.get(_path(petition))
        sent = keeper.post(_path(petition), _asked())
    assert looked.status_code == 302
    assert looked["Location"].startswith("/accounts/reauthenticate/")
    assert sent.status_code == 403
    assert not ExportRecord.objects.exists()


def test_the_second_factor_must_be_fresh_too(petition: Petition) -> None:
    user = people.person(Role.LIST_KEEPER)
    code = people.second_factor(user)
    client = people.log_in_with_code(user, code)
    assert client.get(_path(petition)).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        if record["method"] == "mfa":
            record["at"] -= 301
    session.save()
    assert client.post(_path(petition), _asked()).status_code == 403
    assert client.get(_path(petition))["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_an_interrupted_download_lacks_its_end_in_file_and_log(
    petition: Petition, keeper: Client
) -> None:
    make.confirmed(petition)
    response = keeper.post(_path(petition), _asked())
    pieces = iter(response.streaming_content)
    taken = [next(pieces), next(pieces)]
    assert not any(b"# end" in piece for piece in taken)
    record = ExportRecord.objects.get()
    assert (record.finished_at, record.rows) == (None, None)
    ExportRecord.objects.update(started_at=timezone.now() - timedelta(hours=1))
    assert "interrupted" in keeper.get(_path(petition)).content.decode()


def test_the_form_begins_with_the_last_settings(petition: Petition, keeper: Client) -> None:
    keeper.post(_path(petition), _asked(fields_asked=["name", "email"])).getvalue()
    form = keeper.get(_path(petition)).context["form"]
    assert form["fields_asked"].value() == ["name", "email"]
    assert form["recipient"].value() == "Office of the Member"
    assert form["reason"].value() is None


def test_an_empty_form_is_told_field_by_field(petition: Petition, keeper: Client) -> None:
    response = keeper.post(_path(petition), {})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {
        "purpose",
        "reason",
        "recipient",
        "destroy_by",
        "fields_asked",
        "file_format",
        "passphrase",
    }


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 200), (365, 200), (366, 422)])
def test_the_promise_to_destroy_the_list_has_a_day_within_a_year(
    petition: Petition, keeper: Client, days: int, status: int
) -> None:
    day = f"{clock.today() + timedelta(days=days):%Y-%m-%d}"
    response = keeper.post(_path(petition), _asked(destroy_by=day))
    assert response.status_code == status
    if status == 422:
        assert "Enter a day within a year from today" in response.content.decode()
        assert f'value="{day}"' in response.content.decode()
        assert not ExportRecord.objects.exists()
