"""The command, and how its checks are run."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError

from campaign import doctor
from campaign.doctor import databases, files, keys, mail, services, work
from campaign.doctor.findings import Finding, fail, ok, warn
from tests.campaign.doctor.levels import FAIL


def run(monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> str:
    monkeypatch.setattr("campaign.management.commands.doctor.examine", lambda: iter(findings))
    out = StringIO()
    call_command("doctor", stdout=out)
    return out.getvalue()


def test_the_command_tells_one_line_for_each_and_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = run(monkeypatch, ok("disk", "is roomy"), warn("redis", "forgets", remedy="Set it."))
    assert said.splitlines() == [
        "OK    disk: is roomy",
        "WARN  redis: forgets",
        "      → Set it.",
        "2 looked at, 0 to mend now, 1 to think about.",
    ]


def test_the_command_ends_with_1_when_something_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, fail("disk", "is full", remedy="Free some."), ok("redis", "answers"))
    assert ended.value.code == 1


def test_a_database_that_is_away_is_told_once_and_the_rest_looked_at() -> None:
    def away() -> Iterator[Finding]:
        raise OperationalError
        yield

    found = list(doctor.examine((away, files.have_space, away)))
    assert [finding.subject for finding in found] == ["database", "disk"]
    assert found[0].level == FAIL


def test_every_check_is_on_the_list() -> None:
    modules = (databases, keys, files, services, work)
    defined = {
        each
        for module in modules
        for name, each in vars(module).items()
        if getattr(each, "__module__", "") == module.__name__
        and callable(each)
        and not name.startswith("_")
    }
    assert defined | {mail.leaves, mail.is_believed} == set(doctor.CHECKS)
