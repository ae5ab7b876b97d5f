"""The outbox, who asked for news, and who asked never to be written to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from petitions.models.petition import Petition, PetitionEvent
from petitions.models.signature import Signature
from petitions.states import DeliveryKind, DeliveryState, NewsState


class NewsMail(models.Model):
    """News in three languages to those who asked for it; mailed in batches, each address once.

    path           of the page that says more, below the language: "news/a-post/"; "" for none
    recipients     how many had asked for news at the start
    until          the last subscription of the start; later ones get later news
    reached        the last subscription that has its mail in the outbox: where a batch goes on
    sent, refused  how many left, and how many mail servers refused; stored once all is settled
    settled_at     when the last of its mails had left or was dropped
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="news_mails")
    state = models.CharField(max_length=7, choices=NewsState.choices, default=NewsState.DRAFT)
    heading = models.CharField(pgettext_lazy("of news", "Heading"), max_length=120)
    text = models.TextField(pgettext_lazy("of news", "Text"))
    path = models.CharField(max_length=120, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    stopped_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    recipients = models.PositiveIntegerField(default=0)
    until = models.PositiveBigIntegerField(default=0)
    reached = models.PositiveBigIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="news_mail_state_known", condition=Q(state__in=NewsState.values)
            ),
            models.CheckConstraint(
                name="news_mail_started_unless_draft",
                condition=Q(state=NewsState.DRAFT, started_at=None)
                | (~Q(state=NewsState.DRAFT) & Q(started_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class Delivery(models.Model):
    """One mail in the outbox. The row, written with what it is about, is the only promise.

    A mail about a pending signature takes the address from that signature; any other carries it
    here under the mail key until it is final. `address_index` stays for the mail caps.
    What a mail says is decided when it is sent; one that was written beforehand, by code that the
    worker does not know, waits in `content` under the mail key, since it may hold a secret link.
    A mail about a petition's new step names it in `event`, a piece of news in `news`; a reminder to
    confirm has its number.
    `lease` names the worker that is sending, until `lease_until`. `came_back`: it had left,
    and a server reported later that it did not arrive (`domain/bounces.py`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=DeliveryKind.choices)
    state = models.CharField(
        max_length=8, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    petition = models.ForeignKey(Petition, models.CASCADE, null=True)
    signature = models.ForeignKey(Signature, models.SET_NULL, null=True, related_name="deliveries")
    event = models.ForeignKey(PetitionEvent, models.CASCADE, null=True, related_name="deliveries")
    news = models.ForeignKey(NewsMail, models.CASCADE, null=True, related_name="deliveries")
    generation = models.PositiveSmallIntegerField(default=0)
    reminder = models.PositiveSmallIntegerField(null=True)
    address = models.BinaryField(null=True)
    address_index = models.BinaryField(max_length=32, null=True)
    content = models.BinaryField(null=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    came_back = models.BooleanField(default=False, db_default=False)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(
                name="delivery_state_known", condition=Q(state__in=DeliveryState.values)
            ),
            models.CheckConstraint(
                name="delivery_kind_known", condition=Q(kind__in=DeliveryKind.values)
            ),
            models.CheckConstraint(
                name="delivery_sending_has_lease",
                condition=~Q(state=DeliveryState.SENDING)
                | Q(lease__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_final_has_no_address",
                condition=Q(address=None, content=None)
                | Q(state__in=[DeliveryState.QUEUED, DeliveryState.SENDING]),
            ),
            models.UniqueConstraint(
                fields=["event", "address_index"],
                condition=Q(event__isnull=False),
                name="delivery_once_per_step_and_address",
            ),
            models.UniqueConstraint(
                fields=["news", "address_index"],
                condition=Q(news__isnull=False),
                name="delivery_once_per_news_and_address",
            ),
            models.UniqueConstraint(
                fields=["petition", "address_index", "reminder"],
                condition=Q(reminder__isnull=False),
                name="delivery_each_reminder_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=[DeliveryState.QUEUED, DeliveryState.SENDING]),
                name="delivery_due",
            ),
            models.Index(fields=["address_index", "petition"], name="delivery_by_address"),
            models.Index(
                fields=["sent_at"], condition=Q(sent_at__isnull=False), name="delivery_sent"
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(state=DeliveryState.BOUNCED),
                name="delivery_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class Mailing(models.Model):
    """One message to many at once: who sent it, when, to how many. Appended, never edited."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="mailings")
    kind = models.CharField(max_length=8, choices=DeliveryKind.choices)
    recipients = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipients}"


class Subscription(models.Model):
    """An address that asked for news about a petition, under the mail key."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="subscriptions")
    address = models.BinaryField()
    email_index = models.BinaryField(max_length=32)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "email_index"], name="subscription_once_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Suppression(models.Model):
    """An address (its index only) that asked not to be written to about a petition.

    `former_pepper` names the pepper of an index that could not be made anew when the petition got
    another one; blank for the petition's own.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="suppressions")
    email_index = models.BinaryField(max_length=32)
    former_pepper = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "email_index"], name="suppression_once_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
