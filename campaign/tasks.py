"""Bells of the campaign, as in `petitions/tasks.py`: what is due is looked for, and done."""

from celery import shared_task


@shared_task(ignore_result=True)
def send_digests() -> None:
    from campaign.dashboard.digests import send_due  # noqa: PLC0415 - the web process needs it not

    send_due()
