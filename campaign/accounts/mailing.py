"""Mails to people who work here: written here, sent from the outbox by the worker like all."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from petitions.domain import addresses, mailing
from petitions.states import DeliveryKind


def send(name: str, *, to: str, language: str, context: dict[str, Any], reply_to: str = "") -> None:
    """Queues subject, plain text and HTML of `templates/emails/<name>/`, in `language`.

    `subject` in the context stands for a `subject.txt`.
    """
    with translation.override(language):
        context = {
            "site_name": str(settings.PETITIONS_SITE_NAME),
            "contact_email": settings.CONTACT_EMAIL,
            **context,
        }
        written = mailing.WrittenMail(
            subject=context.get("subject") or _rendered(name, "subject.txt", context),
            text=_rendered(name, "body.txt", context),
            html=_rendered(name, "body.html", context),
            reply_to=reply_to,
        )
    mailing.queue(
        DeliveryKind.ACCOUNT,
        petition=None,
        address=addresses.lock(to),
        address_index=addresses.site_index(to),
        language=language,
        written=written,
    )


def _rendered(name: str, part: str, context: dict[str, Any]) -> str:
    return render_to_string(f"emails/{name}/{part}", context).strip()
