"""What stands in an exported list, and what must not."""

import csv
from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey

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


@pytest.mark.parametrize(
    "payload",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u200b=1",
        "＝1",
        "＋1",
        "－1",
        "＠SUM",
        "=HYPERLINK(0)",
        "=cmd|' /C calc'!A0",
    ],
)
def test_formulas_are_text(payload: str) -> None:
    assert guarded(payload) == f"'{payload}"


@pytest.mark.parametrize("name", ["Sok Dara", "សុខ ដារ៉ា", "O'Neil", "d'Arcy", "", "Anne-Marie"])
def test_names_stay_as_typed(name: str) -> None:
    assert guarded(name) == name


@given(st.text(max_size=12))
def test_guarding_only_ever_puts_an_apostrophe_before(text: str) -> None:
    assert guarded(text) in {text, f"'{text}"}
