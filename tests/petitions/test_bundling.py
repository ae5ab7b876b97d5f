"""A bundle opens to its recipient alone, and says what is in it; one that was cut does not open."""

import csv
import io
import json
from datetime import date
from hashlib import sha256
from zipfile import ZipFile

import pyrage
import pytest
from nacl.public import PrivateKey
from pyrage import x25519

from petitions import clock
from petitions.domain import bundling, exporting, vault
from petitions.domain.exporting import Settings
from petitions.models import ExportRecord, Petition
from tests.factories import people
from tests.factories import petitions as make

RECIPIENT = x25519.Identity.generate()
PUBLIC = str(RECIPIENT.to_public())


def _record(petition: Petition) -> ExportRecord:
    settings = Settings(
        purpose="present",
        reason="A test",
        recipient="Office of the Member",
        fields=["name", "province"],
        province="",
        riding=None,
        file_format="age",
        destroy_by=date(2027, 1, 31),
        recipient_key=bundling.fingerprint(PUBLIC),
    )
    return exporting.start(petition, settings, by=people.person())


def _key(petition: Petition) -> PrivateKey:
    return vault.open_vault(petition.vault, make.PASSPHRASE)


@pytest.mark.django_db
def test_the_recipient_opens_a_list_and_its_manifest(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "BATCH", 2)
    for letter in "abcde":
        make.confirmed(petition, name=f"សុខ {letter}")
    record = _record(petition)
    sealed = b"".join(bundling.stream(record, _key(petition), PUBLIC))
    assert "សុខ".encode() not in sealed
    archive = ZipFile(io.BytesIO(pyrage.decrypt(sealed, [RECIPIENT])))
    name = f"{petition.slug}-{record.serial}.csv"
    assert archive.namelist() == [name, "manifest.json"]
    listed = archive.read(name)
    *rows, end = csv.reader(listed.decode("utf-8-sig").splitlines())
    assert rows == [["name", "province"], *[[f"សុខ {letter}", "BC"] for letter in "abcde"]]
    assert end == ["# end", " 5 rows"]
    assert json.loads(archive.read("manifest.json")) == {
        "serial": record.serial,
        "petition": petition.slug,
        "file": name,
        "rows": 5,
        "sha256": sha256(listed).hexdigest(),
        "fields": ["name", "province"],
        "purpose": "present",
        "recipient": "Office of the Member",
        "since": None,
        "day": clock.day_of(record.started_at).isoformat(),
        "destroy_by": "2027-01-31",
    }
    record.refresh_from_db()
    assert (record.rows, record.digest) == (5, sha256(listed).hexdigest())


@pytest.mark.django_db
def test_nobody_else_opens_it_and_a_cut_one_opens_to_an_error(petition: Petition) -> None:
    make.confirmed(petition)
    sealed = b"".join(bundling.stream(_record(petition), _key(petition), PUBLIC))
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [x25519.Identity.generate()])
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed[:-1], [RECIPIENT])


@pytest.mark.django_db
def test_who_leaves_the_download_leaves_a_record_without_an_end(petition: Petition) -> None:
    make.confirmed(petition)
    pieces = bundling.stream(_record(petition), _key(petition), PUBLIC)
    next(pieces)
    pieces.close()
    assert ExportRecord.objects.get().finished_at is None


@pytest.mark.django_db
def test_a_box_of_another_key_ends_the_bundle(petition: Petition) -> None:
    make.confirmed(petition)
    with pytest.raises(vault.VaultError):
        list(bundling.stream(_record(petition), PrivateKey.generate(), PUBLIC))
    assert ExportRecord.objects.get().finished_at is None


def test_pieces_of_any_size_come_out_as_they_went_in() -> None:
    sizes = [0, 1, 8191, 8192, 8193, 200_000, 0, 5]
    plain = b"".join(bytes([place]) * size for place, size in enumerate(sizes))
    pieces = (bytes([place]) * size for place, size in enumerate(sizes))
    sealed = b"".join(bundling._encrypted(pieces, PUBLIC))
    assert pyrage.decrypt(sealed, [RECIPIENT]) == plain


def test_a_public_key_is_read_however_it_was_copied() -> None:
    assert bundling.public_key(f" {PUBLIC[:30]}\n{PUBLIC[30:]} ") == PUBLIC
    assert bundling.public_key(PUBLIC.upper()) == PUBLIC


@pytest.mark.parametrize(
    ("text", "is_private"),
    [
        (PUBLIC[:-1], False),
        (PUBLIC.replace(PUBLIC[-1], "q" if PUBLIC[-1] != "q" else "p"), False),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ", False),
        ("", False),
        (str(RECIPIENT), True),
    ],
    ids=["cut short", "a slip", "another kind", "empty", "the private half"],
)
def test_what_is_no_public_key_is_refused(text: str, *, is_private: bool) -> None:
    with pytest.raises(bundling.RecipientError) as refused:
        bundling.public_key(text)
    assert refused.value.is_private is is_private
