"""People who work here, and who has been asked to. Supporters have no account."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.accounts.roles import PERMISSIONS, Permission, Role
from petitions.models.signature import Eligibility


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class DigestPeriod(models.TextChoices):
    """How often somebody on the team wants the numbers by mail."""

    DAILY = "daily", pgettext_lazy("digest", "Every day")
    WEEKLY = "weekly", pgettext_lazy("digest", "Every Monday")
    NEVER = "never", pgettext_lazy("digest", "Never")


class User(AbstractUser):
    """Logs in with an e-mail address; the desk speaks `language`."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("Full name"), max_length=100, blank=True)
    language = models.CharField(
        _("Language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    role = models.CharField(_("Role"), max_length=12, choices=Role.choices, blank=True)
    digest = models.CharField(
        _("Summary by e-mail"),
        max_length=6,
        choices=DigestPeriod.choices,
        default=DigestPeriod.WEEKLY,
    )

    #: What a petitioner has declared on accepting the invitation; "" and None for the team.
    eligibility = models.CharField(max_length=8, choices=Eligibility.choices, blank=True)
    terms_agreed_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    #: How often all sessions of this person have been ended at once.
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()  # type: ignore[assignment,misc]

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, permission: Permission) -> bool:
        """Whether the role's row in the table, or being a superuser, gives the permission."""
        if not self.is_active or not (self.is_staff or self.is_petitioner):
            return False
        if self.is_superuser:
            return permission != Permission.WRITE_OWN_PETITION
        return bool(self.role) and permission in PERMISSIONS[Role(self.role)]

    @property
    def is_petitioner(self) -> bool:
        """Not of the team: has a petition instead of a desk."""
        return self.role == Role.PETITIONER

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares this with the session's: another `sessions_ended` signs them all out."""
        value = f"{self.sessions_ended} {self.password}"
        return salted_hmac(
            "campaign.accounts.session", value, secret=secret, algorithm="sha256"
        ).hexdigest()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class DeskSession(models.Model):
    """A sign-in that lasts: told to its person, who can end it. No network address is kept.

    device    digest of a cookie that the browser keeps, so that a new browser is noticed
    browser   the kind of browser and machine, like "Firefox, Windows"
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="desk_sessions")
    session_key = models.CharField(max_length=40, blank=True)
    device = models.CharField(max_length=64)
    browser = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-began_at", "-pk"]
        indexes = [models.Index(fields=["person", "device"], name="desk_session_device")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.began_at:%Y-%m-%d %H:%M}"


class Invitation(models.Model):
    """Somebody asked to work here: the only way to an account. The mailed link is derived.

    `accepted_at` or `withdrawn_at` end it, and so does time (`domain/invitations.py`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("Role"), max_length=12, choices=Role.choices)
    language = models.CharField(
        _("Language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_waiting_per_address",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class TeamEvent(models.Model):
    """What has been decided about a person's account, by whom. Appended, never edited."""

    class Kind(models.TextChoices):
        JOINED = "joined", pgettext_lazy("team", "Accepted the invitation")
        ROLE = "role", pgettext_lazy("team", "Role changed")
        DEACTIVATED = "deactivated", pgettext_lazy("team", "Deactivated")
        REACTIVATED = "reactivated", pgettext_lazy("team", "Reactivated")

    person = models.ForeignKey(User, models.CASCADE, related_name="team_events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    role = models.CharField(max_length=12, choices=Role.choices, blank=True)
    happened_at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-happened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} {self.kind}"


class Digest(models.Model):
    """The summary of one period that a person has had, or would have had with anything to say.

    Written in the transaction that queues the mail: at most one a person, period and day.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="digests")
    period = models.CharField(max_length=6, choices=DigestPeriod.choices)
    day = models.DateField(help_text="in Toronto; of a week, its Monday")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period", "day"], name="digest_once_per_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.period} {self.day}"
