"""What people decided about signatures held for review, and the events that they announced."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition
from petitions.models.signature import Signature
from petitions.states import HoldRule, RejectReason, ReviewAct


class Review(models.Model):
    """One decision about one signature. Appended; only its being undone is noted later.

    Nothing personal stands here: who was decided about is the signature's row, while there is one.
    `batch` joins what one press of a button decided.
    """

    batch = models.UUIDField(default=uuid.uuid4, db_index=True)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="reviews")
    signature = models.ForeignKey(Signature, models.SET_NULL, null=True, related_name="reviews")
    act = models.CharField(max_length=6, choices=ReviewAct.choices)
    rule = models.CharField(max_length=32, choices=HoldRule.choices)
    reason = models.CharField(max_length=9, choices=RejectReason.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["petition", "at"], name="review_by_time")]
        constraints = [
            models.CheckConstraint(name="review_act_known", condition=Q(act__in=ReviewAct.values)),
            models.CheckConstraint(
                name="review_reason_for_what_is_rejected",
                condition=Q(act=ReviewAct.REJECT, reason__in=RejectReason.values)
                | (~Q(act=ReviewAct.REJECT) & Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signature_id} {self.act}"


class EventNetwork(models.Model):
    """The network of a hall, for the time of an event: there many signers share one address."""

    name = models.CharField(_("Event or place"), max_length=120)
    network = models.CharField(_("Network"), max_length=43)
    begins_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))
    ceiling = models.PositiveIntegerField(_("Most signatures a day"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-begins_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="event_network_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.name
