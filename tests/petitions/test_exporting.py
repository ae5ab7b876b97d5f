"""What stands in an exported list, and what must not."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from petitions import clock
from petitions.domain import exporting, vault, withdrawing
from petitions.domain.exporting import Settings, guarded
from petitions.models import ExportRecord, Petition, Riding, Signature
from tests.factories import people
from tests.factories import petitions as make


def _settings(**changes: object) -> Settings:
    values = {
        "purpose": "check",
        "reason": "A test",
        "recipient": "Nobody",
        "fields": ["name", "province"],
        "province": "",
        "riding": None,
        "file_format": "plain",
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


def _file(petition: Petition, **changes: object) -> list[list[str]]:
    record = exporting.start(petition, _settings(**changes), by=people.person())
    key = vault.open_vault(petition.vault, make.PASSPHRASE)
    return _rows(exporting.stream(record, key))


def _rows(pieces: Iterable[bytes]) -> list[list[str]]:
    """The file's rows; its last line, which is not one of them, as the only cell of the last."""
    *lines, end = b"".join(pieces).decode().splitlines(keepends=True)
    return [*csv.reader(lines), [end.rstrip()]]


@pytest.mark.django_db
def test_only_counted_signatures_leave(petition: Petition) -> None:
    make.confirmed(petition, name="Counted")
    make.submitted(petition, name="Pending")
    withdrawing.withdraw(make.confirmed(petition, name="Withdrawn"))
    withdrawing.erase(make.confirmed(petition, name="Erased"))
    held = make.confirmed(petition, name="Held")
    Signature.objects.filter(pk=held.pk).update(
        held_at=clock.db_now(), held_rule="test", uncounted_at=clock.db_now()
    )
    make.confirmed(make.open_petition(), name="Elsewhere")
    assert _file(petition) == [["name", "province"], ["Counted", "BC"], ["# end, 1 rows"]]


@pytest.mark.django_db
def test_who_signs_during_an_export_is_not_in_it(petition: Petition) -> None:
    make.confirmed(petition, name="Before")
    record = exporting.start(petition, _settings(), by=people.person())
    ExportRecord.objects.filter(pk=record.pk).update(started_at=clock.db_now() - timedelta(hours=1))
    record.refresh_from_db()
    key = vault.open_vault(petition.vault, make.PASSPHRASE)
    assert _rows(exporting.stream(record, key)) == [["name", "province"], ["# end, 0 rows"]]


@pytest.mark.django_db
def test_every_field_in_its_column(petition: Petition) -> None:
    make.riding()
    signature = make.confirmed(petition, name="Sok Dara", email="dara@example.org")
    day = f"{signature.confirmed_at.astimezone(clock.TORONTO):%Y-%m-%d}"
    fields = ["name", "province", "date", "riding", "country", "postal_code", "email"]
    assert _file(petition, fields=fields)[1] == [
        "Sok Dara",
        "BC",
        day,
        "Coquitlam—Port Coquitlam",
        "CA",
        "V3B 1A1",
        "dara@example.org",
    ]


@pytest.mark.django_db
def test_filters_by_province_and_riding(petition: Petition) -> None:
    riding = make.riding()
    make.confirmed(petition, name="West")
    make.confirmed(petition, name="East", province="QC", postal_code="H2X 1A1")
    assert [row[0] for row in _file(petition, province="QC")] == ["name", "East", "# end, 1 rows"]
    west = Riding.objects.get(pk=riding.pk)
    assert [row[0] for row in _file(petition, riding=west)] == ["name", "West", "# end, 1 rows"]


@pytest.mark.django_db
def test_batches_lose_and_repeat_nobody(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "BATCH", 2)
    for number in range(5):
        make.confirmed(petition, name="Signer " + "abcde"[number])
    assert [row[0] for row in _file(petition)[1:-1]] == [f"Signer {letter}" for letter in "abcde"]


@pytest.mark.django_db
def test_the_record_is_there_before_the_first_byte(petition: Petition) -> None:
    record = exporting.start(petition, _settings(), by=people.person())
    assert ExportRecord.objects.get().finished_at is None
    key = vault.open_vault(petition.vault, make.PASSPHRASE)
    pieces = exporting.stream(record, key)
    next(pieces)
    assert ExportRecord.objects.get().finished_at is None


@pytest.mark.django_db
def test_a_box_of_another_key_ends_the_file(petition: Petition) -> None:
    make.confirmed(petition)
    record = exporting.start(petition, _settings(), by=people.person())
    with pytest.raises(vault.VaultError):
        list(exporting.stream(record, PrivateKey.generate()))
    assert ExportRecord.objects.get().finished_at is None


PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\0=1",
    " =1",
    "\n=1",
    "\x0b=1",
    "\u200b=1",
    "\ufe0f=1",
    "＝1",
    "＋1",
    "－1",
    "＠SUM",
    "=HYPERLINK(0)",
    "=cmd|' /C calc'!A0",
    '"=1"',
    '"\n=1"',
    'a"\n"=1',
    "a;=1+1",
    'a;"=1+1',
    'a";"=1+1',
    "a\n=1+1",
    "a\t@SUM(A1)",
    "a; \u200b＝1",
]
INVISIBLE = ' \t\r\n\0\x0b\u200b\ufe0f"'


def _begins_formula(cell: str) -> bool:
    return unicodedata.normalize("NFKC", cell.lstrip(INVISIBLE)).startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_is_text(payload: str) -> None:
    shielded = guarded(payload)
    assert shielded.replace("'", "") == payload.replace("'", "")
    assert not any(_begins_formula(part) for part in re.split(r"[;\t\r\n]", shielded))


@pytest.mark.parametrize("payload", ["\tSok", "\rSok", "\0Sok", *PAYLOADS[:5]])
def test_an_apostrophe_comes_first_where_the_text_begins_so(payload: str) -> None:
    assert guarded(payload)[0] == "'"


@pytest.mark.parametrize(
    "name",
    ["Sok Dara", "សុខ ដារ៉ា", "O'Neil", "d'Arcy", "", "Anne-Marie", "Sok; Dara", 'Sok "Dara"'],
)
def test_names_stay_as_typed(name: str) -> None:
    assert guarded(name) == name


@given(st.text(alphabet=st.sampled_from("=+-@;\n\t\"' a\u200b＝"), max_size=12))
def test_guarding_only_ever_adds_apostrophes(text: str) -> None:
    shielded = guarded(text)
    assert shielded.replace("'", "") == text.replace("'", "")
    assert not any(_begins_formula(part) for part in re.split(r"[;\t\r\n]", shielded))


def _exported(petition: Petition, fields: list[str]) -> str:
    record = exporting.start(petition, _settings(fields=fields), by=people.person())
    key = vault.open_vault(petition.vault, make.PASSPHRASE)
    return b"".join(exporting.stream(record, key)).decode()


@pytest.mark.django_db
def test_no_payload_leaves_its_cell(petition: Petition) -> None:
    for payload in PAYLOADS:
        make.confirmed(petition, name=payload)
    text = _exported(petition, ["province", "name"])
    heading, *rows, end = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert (heading, ",".join(end)) == (["province", "name"], f"# end, {len(PAYLOADS)} rows")
    assert rows == [["BC", guarded(payload)] for payload in PAYLOADS]


@pytest.mark.django_db
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_spreadsheet_finds_a_formula(separator: str, petition: Petition) -> None:
    """Read with the separator of any country, each cell put in as a spreadsheet's import does."""
    for payload in PAYLOADS:
        # A code is looked up before it is sealed, and PostgreSQL takes no NUL in a question.
        make.confirmed(petition, name=payload, postal_code=payload.replace("\0", "="))
    text = _exported(petition, ["name", "province", "postal_code"])
    sheet = Workbook().active
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > len(PAYLOADS)
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert [cell for row in rows for cell in row if _begins_formula(cell)] == []
