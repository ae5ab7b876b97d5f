"""Signatures in ink: their sheets, and what was keyed in from them. Never added to the total."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from petitions.models.parliament import Province
from petitions.models.petition import Petition
from petitions.states import PaperState


class PaperBatch(models.Model):
    """One sheet: where and when it was signed, and how many signatures are on it.

    claimed    how many signatures the sheet has, counted by eye
    accepted   how many of them count, once a second person has checked
    collector  a volunteer's name, under the mail key
    sent_on    when the original went to the Member's office; copies do not count there
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="paper")
    place = models.CharField(_("Event or place"), max_length=120)
    collected_on = models.DateField(_("Date collected"))
    sheet_number = models.PositiveIntegerField(_("Sheet number"))
    collector = models.BinaryField(null=True)
    claimed = models.PositiveSmallIntegerField(_("Signatures on the sheet"))
    is_count_only = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=PaperState.choices, default=PaperState.OPEN)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    accepted = models.PositiveSmallIntegerField(null=True)
    sent_on = models.DateField(null=True)
    sent_to = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["sheet_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "sheet_number"], name="paper_batch_once_per_sheet"
            ),
            models.CheckConstraint(
                name="paper_batch_state_known", condition=Q(state__in=PaperState.values)
            ),
            models.CheckConstraint(
                name="paper_batch_accepted_has_number",
                condition=Q(state=PaperState.ACCEPTED, accepted__isnull=False)
                | (~Q(state=PaperState.ACCEPTED) & Q(accepted=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.sheet_number}"


class PaperRow(models.Model):
    """One line of a sheet. No name is kept: the sheet itself has it.

    mark, second_mark   HMACs of what the first and the second person keyed, compared unseen
    email_index         as a signature's, where the line has an address: finds who signed online
    """

    batch = models.ForeignKey(PaperBatch, models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    province = models.CharField(max_length=2, choices=Province.choices, blank=True)
    mark = models.BinaryField(max_length=32, null=True)
    second_mark = models.BinaryField(max_length=32, null=True)
    email_index = models.BinaryField(max_length=32, null=True)
    is_legible = models.BooleanField(default=True)
    is_duplicate = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="paper_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.position}"
