"""The key pair that signer lists are sealed to, and the slots that hold its private half."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition


class Vault(models.Model):
    """A petition's key pair. The private key stands only in its slots, each wrapped by a secret.

    `challenge` is a sealed text: whoever opens it has shown that the list can be read.
    `former_key` is the private key before the last change, sealed to the present one, while boxes
    may be under it; `changed_at` is when that change began.
    """

    petition = models.OneToOneField(Petition, models.PROTECT, related_name="vault")
    public_key = models.BinaryField(max_length=32)
    challenge = models.BinaryField()
    former_key = models.BinaryField(null=True)
    changed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return f"{self.pk}"


class KeySlot(models.Model):
    """The private key, wrapped under Argon2id of a passphrase or of a printed recovery sheet.

    keeper   whose it is; None on the command line, and when the account is deleted
    label    where it is kept, in the keeper's words
    """

    class Kind(models.TextChoices):
        PASSPHRASE = "passphrase", _("Passphrase")
        RECOVERY = "recovery", _("Recovery sheet")

    vault = models.ForeignKey(Vault, models.CASCADE, related_name="slots")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    label = models.CharField(max_length=60, blank=True)
    salt = models.BinaryField(max_length=16)
    operations = models.PositiveSmallIntegerField(help_text="Argon2id passes")
    memory = models.PositiveIntegerField(help_text="Argon2id memory in bytes")
    wrapped_key = models.BinaryField()
    proved_at = models.DateTimeField(
        null=True, help_text=_("When the challenge was last opened through this slot.")
    )
    created_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class VaultSession(models.Model):
    """A vault that somebody has opened on the desk, for minutes. It opens nothing by itself.

    `ciphertext` is the private key under a secret that stands in that person's cookie alone.
    """

    vault = models.ForeignKey(Vault, models.CASCADE, related_name="sessions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ciphertext = models.BinaryField()
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vault", "person"], name="vault_session_one_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
