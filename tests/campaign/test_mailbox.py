"""The demonstration's mailbox: kept encrypted, shown to nobody else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from campaign import mailbox
from tests.pages import main_text, read

ROOT = Path(__file__).resolve().parents[2]
LINK = "http://testserver/c/a-token"


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.MAILBOX_SHOWN = True
    return tmp_path


def send(subject: str = "Confirm your address", to: str = "dara@example.org") -> None:
    message = EmailMultiAlternatives(subject, f"Hello <b>you</b>,\n\n{LINK}\nEnd.", to=[to])
    message.attach_alternative(f'<a href="{LINK}">x</a>', "text/html")
    assert mailbox.EmailBackend().send_messages([message]) == 1


# --- what is kept ----------------------------------------------------------------------------


def test_a_mail_is_kept_whole() -> None:
    send("អ៊ីម៉ែល · Confirm")
    (mail,) = mailbox.mails()
    assert (mail.to, mail.subject, mail.sender) == (
        "dara@example.org",
        "អ៊ីម៉ែល · Confirm",
        "Petition · ញត្តិ · Pétition <petition@testserver>",
    )
    assert mail.text.replace("\r\n", "\n") == f"Hello <b>you</b>,\n\n{LINK}\nEnd."
    assert mail.links == [LINK]


def test_nothing_of_it_can_be_read_in_the_folder(own_folder: Path) -> None:
    send()
    kept = b"".join(path.read_bytes() for path in own_folder.rglob("*") if path.is_file())
    names = " ".join(str(path) for path in own_folder.rglob("*"))
    assert kept
    assert [word for word in (b"dara", b"a-token", b"Confirm") if word in kept] == []
    assert "dara" not in names


def test_newest_first_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST_KEPT", 3)
    for number in range(5):
        send(f"Mail {number}")
    assert [mail.subject for mail in mailbox.mails()] == ["Mail 4", "Mail 3", "Mail 2"]


def test_mails_of_a_retired_key_are_left_out(client: Client, settings: Settings) -> None:
    send()
    (old,) = mailbox.mails()
    settings.PETITIONS_MAIL_KEYS = [Fernet.generate_key().decode()]
    assert mailbox.mails() == []
    assert mailbox.mail(old.id) is None
    assert client.get(f"/mailbox/{old.id}/").status_code == 404


def test_a_new_key_in_front_still_opens_the_old_ones(settings: Settings) -> None:
    send()
    settings.PETITIONS_MAIL_KEYS = [Fernet.generate_key().decode(), *settings.PETITIONS_MAIL_KEYS]
    assert len(mailbox.mails()) == 1


# --- what is shown ---------------------------------------------------------------------------


def test_the_list_and_one_mail(client: Client) -> None:
    send()
    index = client.get("/mailbox/")
    (row,) = read(index).one("ul", class_="rows").all("li")
    link = row.all("a")[0]
    message = client.get(link.attributes["href"])
    hrefs = [each.attributes["href"] for each in read(message).one("main").all("a")]
    assert link.text == "Confirm your address"
    assert LINK in hrefs
    assert "Hello <b>you</b>," in main_text(message)


def test_an_empty_mailbox(client: Client) -> None:
    assert "There is no mail yet." in main_text(client.get("/mailbox/"))


@pytest.mark.parametrize("mail_id", ["nothing", "20180101000000000000-00000000", "..", "%2e%2e"])
def test_another_address_is_not_found(client: Client, mail_id: str) -> None:
    assert client.get(f"/mailbox/{mail_id}/").status_code == 404


@pytest.mark.django_db
def test_hidden_it_is_like_any_wrong_address(client: Client, settings: Settings) -> None:
    send()
    (mail,) = mailbox.mails()
    settings.MAILBOX_SHOWN = False
    wrong = [client.get(path, follow=True) for path in ("/nothing/", "/nothing/1/")]
    hidden = [client.get(path, follow=True) for path in ("/mailbox/", f"/mailbox/{mail.id}/")]
    assert [each.status_code for each in (*wrong, *hidden)] == [404] * 4
    assert [each.content for each in hidden] == [each.content for each in wrong]


# --- when it is shown ------------------------------------------------------------------------

_LOOK = "from campaign import settings; print(settings.MAILBOX_SHOWN, settings.EMAIL_BACKEND)"
KEPT, SENT = "campaign.mailbox.EmailBackend", "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"DEMO": "1"}, f"True {KEPT}"),
        ({"DEMO": "1", "BIND": "::1"}, f"True {KEPT}"),
        ({"DEMO": "1", "BIND": "0.0.0.0"}, f"False {KEPT}"),
        ({"DEMO": "1", "EMAIL_URL": "smtp://127.0.0.1:2525"}, f"False {SENT}"),
        ({"DEMO": "0"}, f"False {KEPT}"),
    ],
)
def test_shown_only_in_a_demonstration_on_this_computer_without_a_mail_server(
    tmp_path: Path, variables: dict[str, str], found: str
) -> None:
    inherited = {name: os.environ[name] for name in ("PATH", "SECRET_KEY") if name in os.environ}
    keys = {
        "SECRET_KEY": "x" * 50,
        "PETITIONS_MAIL_KEYS": Fernet.generate_key().decode(),
        "PETITIONS_LINK_KEY": "link",
        "PETITIONS_INDEX_PEPPER": "pepper",
        "VAR_DIR": str(tmp_path),
    }
    looked = subprocess.run(
        [sys.executable, "-c", _LOOK],
        cwd=ROOT,
        env={**inherited, **keys, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert looked.stdout.strip() == found
