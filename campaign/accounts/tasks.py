"""Celery tasks about accounts."""

import logging

from celery import shared_task

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def tidy_sessions() -> None:
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - only workers

    from campaign.accounts.domain import sessions  # noqa: PLC0415 - needs the models loaded

    SessionStore.clear_expired()
    logger.info("forgot %d sign-ins of a year ago", sessions.forget_old())
