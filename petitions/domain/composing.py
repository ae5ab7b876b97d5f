"""Which mail a delivery becomes, and its words, decided at the moment of sending."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from petitions import clock
from petitions.domain import addresses, announcing, bounces, step_mails, tokens
from petitions.domain.lifetimes import link_end
from petitions.domain.mailing import WrittenMail
from petitions.formats import HTML_LANGUAGES
from petitions.models import (
    Delivery,
    Milestone,
    NewsMail,
    Petition,
    Signature,
    Subscription,
    Suppression,
    Tally,
)
from petitions.states import DeliveryKind, NewsState, PetitionKind, PetitionState, SignatureState


@dataclass(frozen=True)
class Drop:
    """This mail is not to be sent, and why (a short word for the row)."""

    why: str


def compose(delivery: Delivery) -> EmailMultiAlternatives | Drop:
    """The message of a claimed delivery, in its language, or the reason for sending none."""
    with translation.override(delivery.language):
        return _COMPOSERS[DeliveryKind(delivery.kind)](delivery)


def _sign_mail(delivery: Delivery) -> EmailMultiAlternatives | Drop:
    """ "Confirm your address", or "already signed" when another row of the address is counted."""
    signature = _waiting(delivery)
    if isinstance(signature, Drop):
        return signature
    if _has_signed(signature):
        context = _petition_context(signature.petition, signature.language)
        return _message("already_signed", delivery, _address(signature), context)
    return _message("confirm_signature", delivery, _address(signature), _link_context(signature))


def _reminder(delivery: Delivery) -> EmailMultiAlternatives | Drop:
    """ "One step left", with the link that was sent before; nothing to who has signed since."""
    signature = _waiting(delivery)
    if isinstance(signature, Drop):
        return signature
    if signature.petition.state not in {PetitionState.OPEN, PetitionState.CLOSED}:
        return Drop("closed")
    if _has_signed(signature):
        return Drop("already signed")
    return _message("confirm_reminder", delivery, _address(signature), _link_context(signature))


def _waiting(delivery: Delivery) -> Signature | Drop:
    """The signature that a mail is about, if it still waits for this very mail."""
    signature = delivery.signature
    if signature is None or signature.state != SignatureState.PENDING:
        return Drop("not pending")
    if signature.generation != delivery.generation or signature.mail_address is None:
        return Drop("replaced")
    final_at = signature.petition.final_at
    if final_at is not None and clock.db_instant() >= final_at:
        return Drop("closed")
    return signature


def _address(signature: Signature) -> str:
    """Where a pending signature is written to; `_waiting` has seen that there is an address."""
    return addresses.unlock(signature.mail_address or b"")


def _has_signed(signature: Signature) -> bool:
    """Whether another row of the same address is confirmed."""
    return Signature.objects.filter(
        petition=signature.petition,
        email_index=signature.email_index,
        state=SignatureState.CONFIRMED,
    ).exists()


def _link_context(signature: Signature) -> dict[str, Any]:
    token = tokens.confirm_token(signature.public_id, signature.generation)
    return _petition_context(signature.petition, signature.language) | {
        "confirm_url": absolute("links:confirm", token=token),
        "confirm_code": tokens.confirm_code(signature.public_id, signature.generation),
        "expires": link_end(signature),
    }


def _counted_mail(delivery: Delivery) -> EmailMultiAlternatives | Drop:
    """ "Your signature is counted", only to those who asked for news and have not stopped it."""
    subscription = Subscription.objects.filter(
        petition=delivery.petition, email_index=delivery.address_index
    ).first()
    if subscription is None or delivery.petition is None or delivery.address is None:
        return Drop("unsubscribed")
    tally = Tally.objects.filter(petition=delivery.petition).first()
    stop_url = _stop_url(subscription)
    context = _petition_context(delivery.petition, delivery.language) | {
        "is_open": Petition.objects.signable().filter(pk=delivery.petition.pk).exists(),
        "count": tally.total if tally else 0,
        "threshold": delivery.petition.threshold,
        "stop_url": stop_url,
    }
    message = _message("signature_counted", delivery, addresses.unlock(delivery.address), context)
    return _stopped_by(message, stop_url)


def _step_mail(delivery: Delivery) -> EmailMultiAlternatives | Drop:
    """A petition's new step, to who still follows it: as subscriber, supporter or petitioner."""
    petition, event = delivery.petition, delivery.event
    if petition is None or event is None or delivery.address is None:
        return Drop("no address")
    if step_mails.is_over(event):
        return Drop("over")
    index = bytes(delivery.address_index or b"")
    if Suppression.objects.filter(petition=petition, email_index=index).exists():
        return Drop("suppressed")
    subscription = Subscription.objects.filter(petition=petition, email_index=index).first()
    if subscription is None and not announcing.has_part(petition, index):
        return Drop("unsubscribed")
    stop_url = _stop_url(subscription) if subscription else ""
    context = (
        _petition_context(petition, delivery.language)
        | step_mails.content(event)
        | {"has_signed": subscription is not None, "stop_url": stop_url}
    )
    to = addresses.unlock(delivery.address)
    message = _message(step_mails.template(event), delivery, to, context)
    return _stopped_by(message, stop_url) if stop_url else message


def _news_mail(delivery: Delivery) -> EmailMultiAlternatives | Drop:
    """News, to who still wants it when its turn comes, unless the team has stopped it."""
    petition, mail = delivery.petition, delivery.news
    if petition is None or mail is None or delivery.address is None:
        return Drop("no address")
    if mail.state == NewsState.STOPPED:
        return Drop("stopped")
    index = bytes(delivery.address_index or b"")
    if Suppression.objects.filter(petition=petition, email_index=index).exists():
        return Drop("suppressed")
    subscription = Subscription.objects.filter(petition=petition, email_index=index).first()
    if subscription is None:
        return Drop("unsubscribed")
    stop_url = _stop_url(subscription)
    written = news(mail, delivery.language, stop_url=stop_url)
    return _stopped_by(_envelope(delivery, addresses.unlock(delivery.address), written), stop_url)


def news(mail: NewsMail, language: str, *, stop_url: str = "") -> WrittenMail:
    """A piece of news as it is mailed in a language; without a link to stop it is a test."""
    with translation.override(language):
        return write("news", news_content(mail, language) | {"stop_url": stop_url})


def news_content(mail: NewsMail, language: str) -> dict[str, Any]:
    """What the mail's template needs besides the reader's own link."""
    site = settings.PETITIONS_PUBLIC_BASE_URL
    with translation.override(language):
        return _petition_context(mail.petition, language) | {
            "language": language,
            "heading": mail.heading,
            "paragraphs": mail.text.split("\n\n"),
            "more_url": f"{site}/{language}/{mail.path}" if mail.path else "",
            "is_public": mail.petition.is_public,
        }


def _stop_url(subscription: Subscription) -> str:
    return absolute("links:unsubscribe", token=tokens.unsubscribe_token(subscription.public_id))


def _stopped_by(message: EmailMultiAlternatives, stop_url: str) -> EmailMultiAlternatives:
    """With the headers that mail programs offer as a button (RFC 8058)."""
    message.extra_headers |= {
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return message


def _manage_mail(delivery: Delivery) -> EmailMultiAlternatives | Drop:
    """The links to an address's signatures, or the answer that there is none."""
    if delivery.address is None:
        return Drop("no address")
    to = addresses.unlock(delivery.address)
    now = clock.db_instant()
    found = [
        {
            "petition": petition.title,
            "manage_url": absolute(
                "links:manage", token=tokens.manage_token(signature.public_id, now)
            ),
        }
        for petition in Petition.objects.exclude(kind=PetitionKind.RECORD)
        if (signature := _latest_of(petition, to)) is not None
    ]
    if not found and _is_silenced(to):
        return Drop("suppressed")
    context = _site_context() | {"signatures": found}
    return _message("my_signature", delivery, to, context)


def _is_silenced(address: str) -> bool:
    """Whether it said "I did not sign" to any petition: others must not make us write to it."""
    asked = Petition.objects.filter(suppressions__isnull=False).distinct()
    indexes = [index for each in asked for index in addresses.every_index(address, each)]
    return Suppression.objects.filter(email_index__in=indexes).exists()


def _goal_mail(delivery: Delivery) -> EmailMultiAlternatives | Drop:
    """To an organizer: the threshold has been crossed."""
    petition, address = delivery.petition, delivery.address
    crossed = Milestone.objects.filter(
        petition=petition, number=petition.threshold if petition else 0
    ).first()
    if petition is None or address is None or crossed is None:
        return Drop("no crossing")
    tally = Tally.objects.filter(petition=petition).first()
    context = _petition_context(petition, delivery.language) | {
        "threshold": petition.threshold,
        "total": tally.total if tally else petition.threshold,
        "reached_on": crossed.reached_at,
    }
    return _message("goal_reached", delivery, addresses.unlock(address), context)


def _written_mail(delivery: Delivery) -> EmailMultiAlternatives | Drop:
    """About an account or a step of the House: written when it was queued."""
    if delivery.address is None or delivery.content is None:
        return Drop("no address")
    written = WrittenMail.unlock(delivery.content)
    return _envelope(delivery, addresses.unlock(delivery.address), written)


def _latest_of(petition: Petition, address: str) -> Signature | None:
    """The signature of an address that matters most: the confirmed one, else the newest.

    Also one that was rejected: whatever became of it, its signer may see and erase it.
    """
    rows = Signature.objects.filter(
        petition=petition,
        email_index=addresses.index(address, petition),
        erased_at=None,
    )
    confirmed = rows.filter(state=SignatureState.CONFIRMED).first()
    return confirmed or rows.order_by("-created_at").first()


_COMPOSERS: dict[DeliveryKind, Callable[[Delivery], EmailMultiAlternatives | Drop]] = {
    DeliveryKind.SIGN: _sign_mail,
    DeliveryKind.REMIND: _reminder,
    DeliveryKind.COUNTED: _counted_mail,
    DeliveryKind.MANAGE: _manage_mail,
    DeliveryKind.GOAL: _goal_mail,
    DeliveryKind.ACCOUNT: _written_mail,
    DeliveryKind.NOTICE: _written_mail,
    DeliveryKind.STEP: _step_mail,
    DeliveryKind.NEWS: _news_mail,
}


# --- shared ----------------------------------------------------------------------------------


def absolute(name: str, **arguments: str) -> str:
    """The whole address of a page, for a mail."""
    return settings.PETITIONS_PUBLIC_BASE_URL + reverse(name, kwargs=arguments)


def _site_context() -> dict[str, Any]:
    return {
        "site_name": str(settings.PETITIONS_SITE_NAME),
        "contact_email": settings.PETITIONS_CONTACT_EMAIL,
        "my_signature_url": absolute("petitions:my-signature"),
    }


def _petition_context(petition: Petition, language: str) -> dict[str, Any]:
    with translation.override(language):
        return _site_context() | {
            "petition_title": petition.title,
            "petition_url": absolute("petitions:detail", slug=petition.slug),
        }


def subject(name: str, context: dict[str, Any] | None = None) -> str:
    """The subject line of a mail in the active language; pages name it so that it can be found."""
    return render_to_string(f"emails/{name}/subject.txt", context).strip()


def write(name: str, context: dict[str, Any]) -> WrittenMail:
    """A mail of `templates/emails/<name>/`, in the active language."""
    context = _site_context() | context
    return WrittenMail(
        subject=subject(name, context),
        text=render_to_string(f"emails/{name}/body.txt", context),
        html=render_to_string(f"emails/{name}/body.html", context),
    )


def _message(
    name: str, delivery: Delivery, to: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    """Subject, plain text and HTML of `templates/emails/<name>/`."""
    return _envelope(delivery, to, write(name, context | {"language": delivery.language}))


def _envelope(delivery: Delivery, to: str, written: WrittenMail) -> EmailMultiAlternatives:
    """What was written, with the headers that all our mails have.

    The Message-ID is the delivery's own, so that a mail sent twice after a crash is one mail to
    the reader's program.
    """
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject=written.subject,
        body=written.text,
        to=[to],
        reply_to=[written.reply_to] if written.reply_to else None,
        headers={
            "Message-ID": f"<{delivery.public_id}@{domain}>",
            # Some servers write a Message-ID of their own; reports of failure return this one.
            bounces.HEADER: str(delivery.public_id),
            "Auto-Submitted": "auto-generated",
            "Content-Language": HTML_LANGUAGES[delivery.language],
        },
    )
    message.attach_alternative(written.html, "text/html")
    return message
