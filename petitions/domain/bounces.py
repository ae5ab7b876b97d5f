"""Reports that a mail which had left did not arrive (RFC 3464, and what older servers write).

The mail is known by an identifier that only its reader and the servers on the way have seen: nobody
else can make up a report. Of a report nothing is kept but its code, neither address nor text.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from petitions import clock
from petitions.models import Delivery, NewsMail, Subscription
from petitions.states import DeliveryState

#: So many mails of an address that came back for reasons that may pass, and it is given up.
SOFT_IS_HARD = 3
#: More mails refused than this share raises an alarm, from so many mails in so long on.
ALARM_SHARE, ALARM_FROM, ALARM_DAYS = 0.02, 50, timedelta(days=7)
#: Our header, which servers that write a Message-ID of their own leave alone.
HEADER = "X-Mail-ID"

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OURS = re.compile(rf"^(?:X-Mail-ID:\s*|Message-ID:\s*<)({_UUID})\b", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(rf"({_UUID})")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
#: A reply code at the beginning of what a server said.
_REPLY = re.compile(r"(?:^|[\s:;])([45])\d\d(?=[ -])")
_SENDERS = frozenset({"mailer-daemon", "mail-daemon", "postmaster", "mdaemon"})
#: Where older servers begin to repeat the mail that they return.
_COPY = re.compile(
    r"^-+ .*(?:copy of the message|original message|returned message)",
    re.IGNORECASE | re.MULTILINE,
)
_STILL_TRIED = re.compile(
    r"will (?:continue|be (?:re)?tried|keep trying)|delivery attempts will|do not need to resend"
    r"|warning message only",
    re.IGNORECASE,
)
#: Of class 5 and yet not about the mailbox: full, too large, the server, the way, the content,
#: policy; and what is said of the sender.
_MAY_PASS = re.compile(r"5\.(?:2\.[23]|3\.\d+|4\.[5-9]|6\.\d+|7\.\d+|1\.[78])")


@dataclass(frozen=True)
class Report:
    """A mail of ours that did not arrive; `status` as RFC 3463 has it."""

    mail: UUID
    status: str

    @property
    def is_hard(self) -> bool:
        """Whether the mailbox is not there, and will not be tomorrow."""
        return self.status.startswith("5") and not _MAY_PASS.fullmatch(self.status)


class Outcome(StrEnum):
    """What became of a message that was read."""

    HARD = "refused for good"
    SOFT = "refused for now"
    KNOWN = "known already"
    UNKNOWN = "of no mail of ours"
    OTHER = "no report"


# --- reading ---------------------------------------------------------------------------------


def read(message: Message) -> Report | None:
    """The report in a message; None for all others, as answers of people and of their machines."""
    if message.get_content_type() == "multipart/report":
        status, returned = _standard(message), _returned(message)
    elif _is_of_a_server(message):
        status, returned = _plain(message)
    else:
        return None
    found = _OURS.search(returned) or _ID.search(_references(message))
    return Report(UUID(found[1]), status) if status and found else None


def _standard(message: Message) -> str:
    """The code of the recipient that failed; "" where none did, or is tried on."""
    for part in message.walk():
        if str(part.get("Action", "")).strip().lower() == "failed":
            return _code(str(part.get("Status", "")), str(part.get("Diagnostic-Code", "")))
    return ""


def _code(status: str, answer: str) -> str:
    """The exacter of the two: many write 5.0.0 and let the server's answer say what it was."""
    told, said = _STATUS.search(status), _STATUS.search(answer)
    best = said if said and (told is None or told[2] == "0") else told
    return best[0] if best else ""


def _returned(message: Message) -> str:
    """The head of our mail, as a report of the standard returns it."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            return _text(part)
        if kind == "message/rfc822" and isinstance(inner := part.get_payload(0), Message):
            return "\n".join(f"{name}: {value}" for name, value in inner.items())
    return ""


def _references(message: Message) -> str:
    return f"{message.get('In-Reply-To', '')} {message.get('References', '')}"


def _is_of_a_server(message: Message) -> bool:
    """Whoever is away, or asks to be known first, writes in a person's name."""
    sender = parseaddr(str(message.get("From", "")))[1].partition("@")[0].lower()
    return sender in _SENDERS


def _plain(message: Message) -> tuple[str, str]:
    """Code and returned mail of a report in words, as qmail and older servers write it."""
    text = "\n".join(map(_text, message.walk()))
    copy = _COPY.search(text)
    words, returned = (text[: copy.start()], text[copy.start() :]) if copy else (text, text)
    if _STILL_TRIED.search(words):
        return "", ""
    if status := _STATUS.search(words):
        return status[0], returned
    reply = _REPLY.search(words)
    return (f"{reply[1]}.0.0" if reply else ""), returned


def _text(part: Message) -> str:
    """What a part of text says; "" for other parts."""
    content = part.get_payload(decode=True) if part.get_content_maintype() == "text" else b""
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


# --- what follows ----------------------------------------------------------------------------


def take_in(message: Message) -> Outcome:
    """Notes what a message reports. Read twice it changes nothing."""
    report = read(message)
    return record(report) if report else Outcome.OTHER


@transaction.atomic
def record(report: Report) -> Outcome:
    """A mail that did not arrive for good is a refused one, and ends the news to its address."""
    delivery = Delivery.objects.select_for_update().filter(public_id=report.mail).first()
    if delivery is None:
        return Outcome.UNKNOWN
    if delivery.state != DeliveryState.SENT or delivery.came_back:
        return Outcome.KNOWN
    Delivery.objects.filter(pk=delivery.pk).update(
        came_back=True, problem=f"report {report.status}"
    )
    if not report.is_hard and _came_back(delivery) < SOFT_IS_HARD:
        return Outcome.SOFT
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.BOUNCED)
    Subscription.objects.filter(
        petition=delivery.petition_id, email_index=delivery.address_index
    ).delete()
    # Of news that is settled the numbers are stored.
    NewsMail.objects.filter(deliveries=delivery, settled_at__isnull=False).update(
        sent=F("sent") - 1, refused=F("refused") + 1
    )
    return Outcome.HARD


def _came_back(delivery: Delivery) -> int:
    """How many mails to its address did not arrive."""
    if delivery.address_index is None:
        return 1
    return Delivery.objects.filter(
        petition=delivery.petition_id, address_index=delivery.address_index, came_back=True
    ).count()


# --- how many --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refused:
    """Of the mails of the last seven days, anybody's."""

    refused: int
    mails: int

    @property
    def share(self) -> float:
        return self.refused / self.mails if self.mails else 0.0

    @property
    def is_alarming(self) -> bool:
        """Providers stop believing whoever writes to many mailboxes that are not there."""
        return self.mails >= ALARM_FROM and self.share > ALARM_SHARE


def lately() -> tuple[QuerySet[Delivery], QuerySet[Delivery]]:
    """The mails of `ALARM_DAYS` that were refused, and all that left or were."""
    since = clock.db_now() - ALARM_DAYS
    bounced = Q(state=DeliveryState.BOUNCED, created_at__gt=since)
    left = Q(sent_at__gt=since) | bounced & Q(sent_at=None)
    return Delivery.objects.filter(bounced), Delivery.objects.filter(left)


def refused() -> Refused:
    bounced, left = lately()
    return Refused(bounced.count(), left.count())
