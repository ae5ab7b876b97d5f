"""Models and migrations say the same."""

import pytest
from django.core.management import call_command
from pytest_django import Settings


@pytest.mark.django_db
def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    settings.MIGRATION_MODULES = {}  # the real ones: tests make their tables from the models
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)
