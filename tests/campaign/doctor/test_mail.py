"""What the doctor says of mail and its records in DNS."""

import re

import dns.resolver
import pytest
from pytest_django import Settings

from campaign.doctor import mail
from campaign.doctor.findings import Level
from tests.campaign.doctor.levels import FAIL, OK, WARN, levels


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What DNS says: name → its TXT records."""
    found: dict[str, list[str]] = {}
    monkeypatch.setattr(mail, "texts", lambda name: found.get(name, []))
    return found


def test_without_a_mail_server_nobody_can_confirm(settings: Settings) -> None:
    settings.EMAIL_URL, settings.DEMO = "", False
    assert levels(mail.leaves()) == [FAIL]
    assert list(mail.is_believed()) == []
    settings.DEMO = True
    assert levels(mail.leaves()) == [OK]


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (["google-site-verification=x", "v=spf1 include:mail.example -all"], OK),
        (["v=spf1 mx ~all"], OK),
        (["v=spf1 redirect=_spf.example"], OK),
        ([], FAIL),
        (["v=spf10 -all"], FAIL),
        (["v=spf1 a -all", "v=spf1 mx -all"], FAIL),
        (["v=spf1 +all"], FAIL),
    ],
)
def test_spf(records: dict[str, list[str]], found: list[str], level: Level) -> None:
    records["example.org"] = found
    assert mail.spf("example.org").level == level


@pytest.mark.parametrize(
    ("selector", "found", "level"),
    [
        ("s1", ["v=DKIM1; k=rsa; p=MIGf"], OK),
        ("s1", ["p=MIGf"], OK),
        ("s1", ["v=DKIM1; p="], FAIL),
        ("s1", [], FAIL),
        ("", ["v=DKIM1; p=MIGf"], WARN),
    ],
)
def test_dkim(
    records: dict[str, list[str]],
    settings: Settings,
    selector: str,
    found: list[str],
    level: Level,
) -> None:
    settings.DKIM_SELECTOR = selector
    records["s1._domainkey.example.org"] = found
    assert mail.dkim("example.org").level == level


def test_dmarc_may_stand_at_the_domain_above(records: dict[str, list[str]]) -> None:
    assert mail.dmarc("mail.example.org").level == FAIL
    records["_dmarc.org"] = ["v=DMARC1; p=reject"]
    assert mail.dmarc("mail.example.org").level == FAIL
    records["_dmarc.example.org"] = ["v=DMARC1; p=none"]
    assert mail.dmarc("mail.example.org").text == "_dmarc.example.org says none"


def test_the_records_are_those_of_the_sender(
    records: dict[str, list[str]], settings: Settings
) -> None:
    settings.EMAIL_URL = "smtp://mail.example.org"
    settings.DEFAULT_FROM_EMAIL = "Petition · ញត្តិ <petition@example.org>"
    settings.DKIM_SELECTOR = "s1"
    records |= {
        "example.org": ["v=spf1 -all"],
        "s1._domainkey.example.org": ["p=MIGf"],
        "_dmarc.example.org": ["v=DMARC1; p=reject"],
    }
    assert levels(mail.is_believed()) == [OK, OK, OK]


def test_without_a_network_the_doctor_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*args: object, **options: object) -> None:
        raise dns.resolver.NoNameservers

    monkeypatch.setattr("dns.resolver.resolve", ask)
    settings.EMAIL_URL = "smtp://mail.example.org"
    (finding,) = mail.is_believed()
    assert finding.level == WARN
    assert re.match("no name server answers", finding.text)


def test_a_name_that_does_not_exist_has_no_records(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*args: object, **options: object) -> None:
        raise dns.resolver.NXDOMAIN

    monkeypatch.setattr("dns.resolver.resolve", ask)
    assert mail.texts("nothing.example.org") == []
