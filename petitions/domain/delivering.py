"""Sending what the outbox holds: claim, commit, send on one kept connection, mark."""

import logging
import smtplib
import time
from contextlib import closing

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from petitions.domain import mail_caps, mailing, pepper_change, screening
from petitions.domain.addresses import UnreadableAddressError
from petitions.domain.composing import Drop, compose
from petitions.models import Delivery, Petition
from petitions.states import DeliveryKind

logger = logging.getLogger(__name__)

#: Mails and seconds of one round. Between two rounds the total is counted.
ROUND = 200
ROUND_SECONDS = 2.0


#: Mails to signers have caps; those to the people who work here go out once by themselves.
_CAPPED = {DeliveryKind.SIGN, DeliveryKind.REMIND, DeliveryKind.MANAGE, DeliveryKind.COUNTED}
#: Only their own reader can set these off, by confirming: they need no minute's rest as well.
_AT_ONCE = {DeliveryKind.COUNTED}


_HANGS_UP = 421


class _ServerAwayError(Exception):
    """The mail server as a whole does not answer: no use in trying the next mail now."""


def drain() -> int:
    """Sends due mails until none is due, the round or a cap is full, or the server is away.

    Returns how many were accepted. The connection opens with the first mail.
    """
    sent = 0
    end = time.monotonic() + ROUND_SECONDS
    room, news_room = mail_caps.room(), mail_caps.room_for_news()
    petitions: dict[int, Petition] = {}
    with closing(get_connection()) as connection:
        for turn in range(ROUND if room is None else min(ROUND, room)):
            with_news = news_room is None or turn < news_room
            if time.monotonic() > end:
                break
            delivery = mailing.claim(with_news=with_news, petitions=petitions)
            if delivery is None:
                break
            try:
                sent += _deliver(delivery, connection)
            except _ServerAwayError:
                break
    return sent


def _deliver(delivery: Delivery, connection: BaseEmailBackend) -> bool:
    """One claimed mail to its final state, or back into the outbox."""
    try:
        pepper_change.settle(delivery)
        _screen(delivery)
        message = compose(delivery)
    except UnreadableAddressError as error:
        logger.error("mail %s: %s", delivery.pk, error)  # noqa: TRY400 - the sentence is enough
        mailing.put_back(delivery, "unreadable address")
        return False
    except Exception as error:  # noqa: BLE001 - a mail that cannot be written holds up no other
        logger.error("mail %s cannot be written: %s", delivery.pk, type(error).__name__)  # noqa: TRY400 - traces may quote the address
        mailing.put_back(delivery, type(error).__name__[:40])
        return False
    if isinstance(message, Drop):
        mailing.mark_dropped(delivery, message.why)
        return False
    if _is_withheld(delivery):
        return False
    message.connection = connection
    try:
        connection.open()
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        _record_failure(delivery, error, connection)
        return False
    mailing.mark_sent(delivery)
    return True


def _screen(delivery: Delivery) -> None:
    """The hold rules look before the link leaves: nobody confirms without it."""
    if delivery.kind == DeliveryKind.SIGN and delivery.signature is not None:
        screening.screen(delivery.signature)


def _is_withheld(delivery: Delivery) -> bool:
    """Applies the caps of its address: dropped above them, put off when too soon."""
    if delivery.kind not in _CAPPED:
        return False
    if mailing.is_over_cap(delivery):
        mailing.mark_dropped(delivery, "cap")
        return True
    return delivery.kind not in _AT_ONCE and mailing.postponed_by_caps(delivery)


def _record_failure(delivery: Delivery, error: Exception, connection: BaseEmailBackend) -> None:
    """Permanent: bounced. Temporary: back into the outbox. Server away: that, and end the round."""
    problem = _describe(error)
    if _is_permanent(error):
        mailing.mark_bounced(delivery, problem)
        return
    away = _is_servers(error)
    mailing.put_back(delivery, f"{mailing.AWAY}: {problem}"[:40] if away else problem)
    logger.warning("mail %s put back: %s", delivery.pk, problem)
    if away:
        connection.close()
        raise _ServerAwayError from error


def _is_servers(error: Exception) -> bool:
    """Not about this mail: the server as a whole; 421 says so and hangs up, at any step."""
    about_this_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    return not about_this_mail or _HANGS_UP in _codes(error)


def _codes(error: Exception) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _is_permanent(error: Exception) -> bool:
    """A 5xx about this recipient or this mail; a 5xx at log-in or to the sender is ours to mend."""
    about_this_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    codes = _codes(error)
    return about_this_mail and bool(codes) and all(500 <= code < 600 for code in codes)


def _describe(error: Exception) -> str:
    """The error's kind and code; never its text, in which servers repeat the address."""
    return f"{type(error).__name__} {' '.join(map(str, _codes(error)))}".strip()[:40]
