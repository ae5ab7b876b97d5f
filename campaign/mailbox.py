"""Mail where no mail server is set: kept encrypted under VAR_DIR, shown at `/mailbox/`."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

#: The oldest are deleted beyond this many.
MOST_KEPT = 500


def _folder() -> Path:
    path = Path(settings.VAR_DIR) / "mailbox"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.PETITIONS_MAIL_KEYS])


class EmailBackend(BaseEmailBackend):
    """Writes each message as one file; its name sorts by time and is its id."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = _folder()
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d%H%M%S%f}-{secrets.token_hex(4)}"
            draft = folder / f"{name}.part"
            draft.write_bytes(_keys().encrypt(message.message().as_bytes()))
            draft.rename(folder / f"{name}.mail")
        for old in sorted(folder.glob("*.mail"))[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    """A kept mail, opened."""

    id: str
    to: str
    sender: str
    subject: str
    date: datetime
    language: str
    text: str

    @property
    def links(self) -> list[str]:
        """The addresses in the text, each on a line of its own."""
        return [line for line in map(str.strip, self.text.splitlines()) if "://" in line[:9]]


def _read(path: Path) -> Mail:
    parsed = message_from_bytes(_keys().decrypt(path.read_bytes()), policy=policy.default)
    assert isinstance(parsed, ParsedMessage)  # noqa: S101 - policy.default makes no other
    body = parsed.get_body(("plain",))
    made = datetime.strptime(path.stem.partition("-")[0] + "+0000", "%Y%m%d%H%M%S%f%z")
    return Mail(
        id=path.stem,
        to=parsed["To"],
        sender=parsed["From"],
        subject=parsed["Subject"],
        date=made,
        language=parsed["Content-Language"] or "",
        text=body.get_content() if body else "",
    )


def mails() -> list[Mail]:
    """All kept mails, newest first; those of a retired key are left out."""
    opened = []
    for path in sorted(_folder().glob("*.mail"), reverse=True):
        try:
            opened.append(_read(path))
        except InvalidToken:
            continue
    return opened


def mail(mail_id: str) -> Mail | None:
    """One kept mail; None when there is none, or none that our keys open."""
    path = _folder() / f"{mail_id}.mail"
    if not path.is_file() or path.parent != _folder():
        return None
    try:
        return _read(path)
    except InvalidToken:
        return None
