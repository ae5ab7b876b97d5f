"""Nothing leaves before a record, a fresh log-in and the right passphrase."""

import io
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pyrage
import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from pyrage import x25519
from pytest_django import Settings

from campaign.accounts.roles import Role
from campaign.dashboard import forms
from petitions import clock
from petitions.domain import bundling
from petitions.models import ExportRecord, Petition, Signature
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


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


# --- since my last export --------------------------------------------------------------------


def test_only_who_counts_since_my_last_export(petition: Petition, keeper: Client) -> None:
    old = make.confirmed(petition, name="Old")
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Signature.objects.filter(pk=old.pk).update(counted_at=an_hour_ago)
    assert "only_new" not in keeper.get(_path(petition)).content.decode()
    keeper.post(_path(petition), _asked()).getvalue()
    first = ExportRecord.objects.get()
    make.confirmed(petition, name="New")
    # One that is interrupted is none to go on from.
    next(iter(keeper.post(_path(petition), _asked()).streaming_content))
    assert f"since my last export ({first.serial}," in keeper.get(_path(petition)).content.decode()
    content = keeper.post(_path(petition), _asked(only_new="on")).getvalue().decode()
    assert ("Old" in content, "New" in content) == (False, True)
    record = ExportRecord.objects.first()
    assert (record.since, record.rows) == (first.started_at, 1)
    assert "counted since" in keeper.get(_path(petition)).content.decode()
    other = people.log_in(people.person(Role.ADMIN))
    assert "only_new" not in other.get(_path(petition)).content.decode()


def test_whose_counting_ended_as_an_export_began_is_in_the_next_one(
    petition: Petition, keeper: Client
) -> None:
    """A transaction ends a moment after the instant that it counts somebody from."""
    keeper.post(_path(petition), _asked()).getvalue()
    begun = ExportRecord.objects.get().started_at
    late = make.confirmed(petition, name="Between")
    Signature.objects.filter(pk=late.pk).update(counted_at=begun - timedelta(milliseconds=5))
    assert b"Between" in keeper.post(_path(petition), _asked(only_new="on")).getvalue()


# --- paper -----------------------------------------------------------------------------------


def test_a_list_to_print_leaves_as_pdf_and_lies_nowhere(
    petition: Petition, keeper: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    make.confirmed(petition, name="Sok Dara")
    response = keeper.post(_path(petition), _asked(file_format="print"))
    record = ExportRecord.objects.get()
    assert (record.finished_at, response["Content-Type"]) == (None, "application/pdf")
    text = PdfReader(io.BytesIO(response.getvalue())).pages[0].extract_text()
    assert "Sok Dara" in text
    assert f"List {record.serial}" in text
    record.refresh_from_db()
    assert (record.rows, len(record.digest)) == (1, 64)
    assert list(tmp_path.iterdir()) == []


def test_a_list_too_long_for_paper_is_refused_with_its_number(
    petition: Petition, keeper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST_ROWS", 1)
    make.confirmed(petition)
    make.confirmed(petition)
    response = keeper.post(_path(petition), _asked(file_format="print"))
    assert response.status_code == 422
    assert "1 signers at most, and this one would have 2" in response.content.decode()
    assert not ExportRecord.objects.exists()


def test_letters_that_the_paper_lacks_are_told_and_end_nothing(
    petition: Petition, keeper: Client
) -> None:
    make.confirmed(petition, name="陈 Sok")
    response = keeper.post(_path(petition), _asked(file_format="print"))
    assert response.status_code == 422
    assert "letters that the printed list lacks" in response.content.decode()
    assert ExportRecord.objects.get().finished_at is None


# --- for one recipient -----------------------------------------------------------------------


def test_a_bundle_opens_to_its_recipient(petition: Petition, keeper: Client) -> None:
    make.confirmed(petition, name="Sok Dara")
    pair = x25519.Identity.generate()
    asked = _asked(file_format="age", recipient_key=f" {pair.to_public()} ")
    response = keeper.post(_path(petition), asked)
    record = ExportRecord.objects.get()
    assert response["Content-Disposition"] == (
        f'attachment; filename="{petition.slug}-{record.serial}.age"'
    )
    opened = ZipFile(io.BytesIO(pyrage.decrypt(response.getvalue(), [pair])))
    assert b"Sok Dara" in opened.read(f"{petition.slug}-{record.serial}.csv")
    assert record.recipient_key == bundling.fingerprint(str(pair.to_public()))
    log = keeper.get(_path(petition)).content.decode()
    assert record.recipient_key[:16] in log
    assert "Encrypted for one recipient" in log


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Enter the public age key"),
        ("age1nonsense", "This is no age key"),
        ("private", "This is the private key"),
    ],
)
def test_what_is_no_public_key_is_told(
    petition: Petition, keeper: Client, typed: str, told: str
) -> None:
    typed = str(x25519.Identity.generate()) if typed == "private" else typed
    for file_format in ("age", "plain"):
        asked = _asked(file_format=file_format, recipient_key=typed, passphrase="")
        page = keeper.post(_path(petition), asked).content.decode()
        assert (told in page) is (file_format == "age")
        assert "AGE-SECRET-KEY" not in page
        assert page.partition("<footer")[0].count(" checked") == 5
    assert not ExportRecord.objects.exists()
