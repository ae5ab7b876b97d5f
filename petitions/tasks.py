"""Bells. Each task looks for what is due and does it; losing one costs seconds, never data.

No arguments that matter, no retries, no countdowns: what is due is a column with a time. The
domain is imported inside so that the web process never loads the worker's half.
"""

import logging
import time

from celery import shared_task

logger = logging.getLogger(__name__)

#: Seconds for which one bell sends: short enough for its worker to be stopped cleanly.
_RUSH = 20.0


@shared_task(ignore_result=True)
def send_mail() -> None:
    from petitions.domain.counting import tally_changed  # noqa: PLC0415 - as below
    from petitions.domain.delivering import drain  # noqa: PLC0415 - see the module's docstring

    end = time.monotonic() + _RUSH
    # In a rush every process of the worker sends, and none would hear the bell of the total.
    while drain() and time.monotonic() < end:
        tally_changed()


@shared_task(ignore_result=True)
def tally() -> None:
    from petitions.domain.counting import tally_changed  # noqa: PLC0415 - as above

    tally_changed()


@shared_task(ignore_result=True)
def advance() -> None:
    from petitions.domain import (  # noqa: PLC0415 - as above
        auditing,
        authorizing,
        counting,
        lifecycle,
        news_mails,
        presenting,
        vault_sessions,
    )

    lifecycle.advance_by_clock()
    presenting.note_overdue()
    authorizing.expire_requests()
    authorizing.remind_offices()
    counting.publish_due_days()
    news_mails.send_due()
    vault_sessions.wipe_expired()
    while auditing.seal():
        pass


@shared_task(ignore_result=True)
def remind() -> None:
    from petitions.domain import reminding  # noqa: PLC0415 - as above

    logger.info("queued %d reminders", reminding.remind_by_itself())


@shared_task(ignore_result=True)
def tidy() -> None:
    from petitions.domain import (  # noqa: PLC0415 - as above
        auditing,
        counting,
        list_ends,
        purging,
    )
    from petitions.models import Petition  # noqa: PLC0415 - as above

    purged, oldest = purging.purge_pending(), purging.oldest_pending()
    logger.info("purged %d signatures never confirmed, the oldest left: %s", purged, oldest)
    logger.info("wiped %d addresses held too long", purging.purge_held_addresses())
    logger.info("wiped %d marks of bursts", purging.purge_marks())
    logger.info("emptied %d signatures rejected after review", purging.empty_rejected())
    logger.info("purged %d announced networks", purging.purge_events())
    logger.info("purged %d finished mails", purging.purge_outbox())
    logger.info("emptied %d signatures after closing", purging.erase_after_closing())
    logger.info("erased %d people of the House's steps", purging.erase_step_people())
    logger.info("erased %d old lines of the audit log", auditing.erase_old())
    logger.info("warned of %d signer lists that end", list_ends.warn_keepers())
    logger.info("erased the boxes of %d signatures", purging.erase_lists())
    logger.info("forgot %d who asked for silence", purging.forget_silenced())
    for petition in Petition.objects.order_by("pk"):
        counting.recount(petition)
