"""News by mail and its readers, for tests."""

from collections.abc import Mapping

from django.utils import timezone

from petitions.domain import addresses, news_mails
from petitions.models import NewsMail, Petition, Subscription

TEXTS: Mapping[str, Mapping[str, str]] = {
    "heading": {"en": "A walk on June 5", "fr": "Une marche le 5 juin", "km": "ដើរនៅថ្ងៃទី5 ខែមិថុនា"},
    "text": {
        "en": "We walk together.\n\nBring water,\nand your family.",
        "fr": "Nous marchons ensemble.\n\nApportez de l'eau,\net venez en famille.",
        "km": "យើងដើរជាមួយគ្នា។\n\nសូមយកទឹក\nនិងគ្រួសារមក។",
    },
}


def draft(petition: Petition, *, path: str = "") -> NewsMail:
    """News that is written, and sent to nobody yet."""
    return news_mails.write(petition, texts=TEXTS, path=path, by=None)


def subscribe(petition: Petition, *emails: str, language: str = "km") -> None:
    """Addresses that asked for news."""
    Subscription.objects.bulk_create(
        Subscription(
            petition=petition,
            address=addresses.lock(email),
            email_index=addresses.index(email, petition),
            language=language,
            created_at=timezone.now(),
        )
        for email in emails
    )
