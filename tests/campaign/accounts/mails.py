"""What the outbox sends to people who work here."""

import re

from django.core import mail
from django.core.mail import EmailMultiAlternatives

from petitions.domain import delivering


def sent() -> list[EmailMultiAlternatives]:
    """The mails that leave when the worker empties the outbox, and no others."""
    mail.outbox.clear()
    delivering.drain()
    return list(mail.outbox)


def link(message: EmailMultiAlternatives, part: str) -> str:
    """The path of the one link with `part` in a mail."""
    (address,) = set(re.findall(rf"http://testserver(/\S*{part}\S*)", str(message.body)))
    return str(address)
