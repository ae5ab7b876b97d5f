"""Messages of the contact page: mailed to the organizers, and kept nowhere."""

from django.conf import settings

from campaign.accounts import mailing


def send_message(*, name: str, address: str, text: str, language: str) -> None:
    """Puts the message into the outbox, under the mail key until it has left.

    Whoever wrote it gets no mail: a page that mails what anybody typed to any address sends spam.
    """
    mailing.send(
        "contact_message",
        to=settings.CONTACT_EMAIL,
        language=language,
        context={"name": name, "address": address, "text": text},
        reply_to=address,
    )
