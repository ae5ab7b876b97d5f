"""The Celery app and the whole beat schedule in one table."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")

app = Celery("campaign", amqp="campaign.broker:Broker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.update(
    timezone="America/Toronto",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=50,  # below the lease of a mail, so that a stuck round ends first
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_soft_shutdown_timeout=20,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # Every bell expires within its interval: after an outage one rings, not a backlog.
    beat_schedule={
        "send-mail": {
            "task": "petitions.tasks.send_mail",
            "schedule": 2.0,
            "options": {"expires": 2},
        },
        "tally": {"task": "petitions.tasks.tally", "schedule": 2.0, "options": {"expires": 2}},
        "advance": {
            "task": "petitions.tasks.advance",
            "schedule": 30.0,
            "options": {"expires": 25},
        },
        # Due at seven (`dashboard/digests.py`); a bell that is lost is followed by others.
        "digests": {
            "task": "campaign.tasks.send_digests",
            "schedule": crontab(minute="*/10"),
            "options": {"expires": 500},
        },
        "remind": {
            "task": "petitions.tasks.remind",
            "schedule": 600.0,
            "options": {"expires": 500},
        },
        # Each hour, since a laptop may sleep through any one time of the day.
        "tidy": {
            "task": "petitions.tasks.tidy",
            "schedule": crontab(minute="15"),
            "options": {"expires": 3000},
        },
        "tidy-sessions": {
            "task": "campaign.accounts.tasks.tidy_sessions",
            "schedule": crontab(minute="45"),
            "options": {"expires": 3000},
        },
    },
)


@setup_logging.connect
def leave_logging_to_django(**_kwargs: Any) -> None:
    """Celery's own handlers would write past the filter of `campaign/logs.py`."""
