"""One style sheet and one script: all parts, in their order, hashed."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings
from pytest_django import Settings

from campaign.bundles import BUNDLES
from campaign.templatetags.bundles import bundle


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "campaign.bundles.BundlingStorage"},
    }
    with override_settings(STATIC_ROOT=root, STORAGES=storages):
        call_command("collectstatic", verbosity=0, interactive=False)
    return root


def source(name: str) -> str:
    found = finders.find(name)
    assert isinstance(found, str)
    return Path(found).read_text("utf-8")


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_is_its_parts_in_their_order(collected: Path, name: str) -> None:
    parts = [source(part) for part in BUNDLES[name]]
    assert (collected / name).read_text("utf-8") == "\n".join(parts)


def test_later_rules_win_so_tokens_come_first_and_print_last() -> None:
    parts = [part.rpartition("/")[2] for part in BUNDLES["campaign/css/site.css"]]
    assert (parts[0], parts[-1]) == ("tokens.css", "print.css")


@pytest.mark.parametrize("name", BUNDLES)
def test_the_served_file_has_a_hash_and_is_compressed(collected: Path, name: str) -> None:
    stem, _dot, ending = name.rpartition(".")
    served = [
        path
        for path in (collected / stem).parent.iterdir()
        if re.fullmatch(rf"{Path(stem).name}\.[0-9a-f]{{12}}\.{ending}", path.name)
    ]
    assert len(served) == 1
    assert served[0].with_name(served[0].name + ".gz").exists()


def test_fonts_in_the_style_sheet_are_hashed_files_that_are_there(collected: Path) -> None:
    (served,) = (collected / "campaign/css").glob("site.????????????.css")
    addresses = re.findall(r"url\([\"']?([^\"')]+)", served.read_text("utf-8"))
    fonts = [address for address in addresses if not address.startswith(("data:", "#"))]
    assert fonts
    assert all(re.search(r"\.[0-9a-f]{12}\.woff2$", address) for address in fonts)
    assert [each for each in fonts if not (served.parent / each).resolve().exists()] == []


@pytest.mark.parametrize("name", BUNDLES)
def test_developers_get_the_parts(settings: Settings, name: str) -> None:
    settings.DEBUG = False
    assert bundle(name) == [f"/static/{name}"]
    settings.DEBUG = True
    assert bundle(name) == [f"/static/{part}" for part in BUNDLES[name]]
