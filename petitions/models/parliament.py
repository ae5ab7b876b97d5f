"""Provinces, ridings, their Members, and which postal prefix lies in which riding."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Province(models.TextChoices):
    AB = "AB", _("Alberta")
    BC = "BC", _("British Columbia")
    MB = "MB", _("Manitoba")
    NB = "NB", _("New Brunswick")
    NL = "NL", _("Newfoundland and Labrador")
    NS = "NS", _("Nova Scotia")
    NT = "NT", _("Northwest Territories")
    NU = "NU", _("Nunavut")
    ON = "ON", _("Ontario")
    PE = "PE", _("Prince Edward Island")
    QC = "QC", _("Quebec")
    SK = "SK", _("Saskatchewan")
    YT = "YT", _("Yukon")


class Riding(models.Model):
    """A federal electoral district of the 2023 Representation Order."""

    code = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(max_length=120)
    province = models.CharField(max_length=2, choices=Province.choices)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class PostalPrefix(models.Model):
    """A forward sortation area and the share of its postal codes that lies in a riding.

    An estimate: postal codes are not people, and borders have moved since it was made.
    """

    fsa = models.CharField(max_length=3)
    riding = models.ForeignKey(Riding, models.CASCADE)
    share = models.DecimalField(max_digits=4, decimal_places=3)
    method = models.CharField(max_length=12)

    class Meta:
        ordering = ["fsa", "-share"]
        constraints = [
            models.UniqueConstraint(fields=["fsa", "riding"], name="postal_prefix_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fsa} → {self.riding_id}"


class Member(models.Model):
    """A Member of the House of Commons, as its own list has them. A riding has one at a time.

    `left_on` is the day on which an import no longer found the Member; `checked_on` the day that
    the list is of.
    """

    member_id = models.PositiveIntegerField(primary_key=True, help_text="the House's own number")
    name = models.CharField(_("Full name"), max_length=120)
    honorific = models.CharField(max_length=20, blank=True)
    riding = models.ForeignKey(Riding, models.PROTECT, related_name="members")
    party = models.CharField(max_length=80, help_text=_("As plain text."))
    checked_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["riding"]
        constraints = [
            models.UniqueConstraint(
                fields=["riding"], condition=models.Q(left_on=None), name="member_one_per_riding"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MemberList(models.Model):
    """A list of Members that was taken in, and what it changed. Appended, never edited.

    `changed` holds [name, field, old, new] of each change, as texts.
    """

    of_day = models.DateField(_("Day of the list"))
    imported_at = models.DateTimeField(db_default=models.functions.Now())
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    added = models.JSONField(default=list)
    gone = models.JSONField(default=list)
    changed = models.JSONField(default=list)
    unchanged = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-imported_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.of_day:%Y-%m-%d}"

    @property
    def is_first(self) -> bool:
        """Whether nobody was known before it."""
        return not self.unchanged and not self.gone and not self.changed
