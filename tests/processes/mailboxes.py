"""Where a site's mail arrives: its own `/mailbox/`, or a mail server of the test."""

import asyncio
import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from html import unescape
from threading import Event, Lock
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.processes.sites import Site, free_port
from tests.processes.waiting import until


@dataclass(frozen=True)
class Mail:
    """A mail as its reader sees it."""

    to: str
    id: str
    text: str

    @property
    def link(self) -> str:
        """The path of the personal link in it."""
        found = re.search(r"https?://[^/\s]+(/[cm]/[\w-]+)", self.text)
        assert found, "no personal link in the mail"
        return found[1]

    @property
    def code(self) -> str:
        found = re.search(r"^\s*(\d{6})\s*$", self.text, re.MULTILINE)
        assert found, "no code in the mail"
        return found[1]


def kept_mails(site: Site, address: str) -> list[Mail]:
    """What `/mailbox/` shows for an address, newest first."""
    index = site.get("/mailbox/").text
    pages = [site.get(path).text for path in re.findall(r'href="(/mailbox/[\w-]+/)"', index)]
    texts = [unescape(re.sub(r"<[^>]+>", "\n", page)) for page in pages]
    return [Mail(address, "", text) for text in texts if address in text]


def await_kept(site: Site, address: str, *, number: int = 1, within: float = 60) -> Mail:
    """The newest mail to an address, once there are `number` of them."""

    def look() -> list[Mail]:
        mails = kept_mails(site, address)
        return mails if len(mails) >= number else []

    return until(look, f"mail {number} to {address}", within=within)[0]


class MailServer:
    """A mail server of the test: takes everything, or answers as it is told."""

    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self.arrived: list[EmailMessage] = []
        self.answer = "250 OK"
        #: Answers wait for it: clear it to hold the server within a mail.
        self.may_answer = Event()
        self.may_answer.set()
        self._lock = Lock()
        self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> "MailServer":
        self._controller.start()
        return self

    def stop(self) -> None:
        self.may_answer.set()
        self._controller.stop()

    def take(self, content: bytes) -> None:
        with self._lock:
            message = email.message_from_bytes(content, policy=default)
            assert isinstance(message, EmailMessage)
            self.arrived.append(message)

    def mails(self, address: str) -> list[Mail]:
        with self._lock:
            found = [message for message in self.arrived if message["To"] == address]
        return [Mail(address, message["Message-ID"], _plain(message)) for message in found]

    def await_mail(self, address: str, *, within: float = 60) -> Mail:
        return until(lambda: self.mails(address), f"mail to {address}", within=within)[0]


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        refused = not self.server.answer.startswith("250")
        if not refused:
            self.server.take(envelope.content)
        await asyncio.to_thread(self.server.may_answer.wait)
        recipient = envelope.rcpt_tos[0]
        return self.server.answer.replace("{to}", recipient or "")


def _plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text
