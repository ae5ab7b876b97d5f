"""What people who work here have done, in a chain in which a changed line shows."""

from django.db import models
from django.utils.translation import pgettext_lazy

from petitions.models.petition import Petition


class AuditEvent(models.Model):
    """One act; appended in the transaction that does it, never edited. Nothing of a signer.

    actor     primary key of who did it; None for the clock and for mailed links. Not a relation:
              the line stays as it was sealed, whatever becomes of the account
    detail    short texts and numbers by name, as `domain/auditing.py` takes them
    position, digest    None until the line is sealed into the chain, within a minute
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", pgettext_lazy("audit", "Signed in")
        SESSIONS_ENDED = "sessions_ended", pgettext_lazy("audit", "Sessions ended")
        INVITED = "invited", pgettext_lazy("audit", "Invitation sent")
        UNINVITED = "uninvited", pgettext_lazy("audit", "Invitation withdrawn")
        TEAM = "team", pgettext_lazy("audit", "Account changed")
        MOVED = "moved", pgettext_lazy("audit", "Petition moved")
        PAUSED = "paused", pgettext_lazy("audit", "Signing paused")
        RESUMED = "resumed", pgettext_lazy("audit", "Signing resumed")
        DATES = "dates", pgettext_lazy("audit", "Goal and dates set")
        APPROVED = "approved", pgettext_lazy("audit", "Texts approved")
        NOTE = "note", pgettext_lazy("audit", "Public note written")
        REMINDED = "reminded", pgettext_lazy("audit", "Reminders sent")
        NEWS_SENT = "news_sent", pgettext_lazy("audit", "News sent by mail")
        NEWS_STOPPED = "news_stopped", pgettext_lazy("audit", "News by mail stopped")
        VAULT_MADE = "vault_made", pgettext_lazy("audit", "Vault created")
        VAULT_GONE = "vault_gone", pgettext_lazy("audit", "Unproved vault discarded")
        VAULT_KEYED = "vault_keyed", pgettext_lazy("audit", "Key of the vault changed")
        PEPPERED = "peppered", pgettext_lazy("audit", "Pepper of the indexes changed")
        SLOT_ADDED = "slot_added", pgettext_lazy("audit", "Way to open the vault added")
        SLOT_GONE = "slot_gone", pgettext_lazy("audit", "Way to open the vault removed")
        VAULT_SHUT = "vault_shut", pgettext_lazy("audit", "Wrong passphrase")
        VAULT_OPENED = "vault_opened", pgettext_lazy("audit", "Vault opened")
        VAULT_CLOSED = "vault_closed", pgettext_lazy("audit", "Vault closed")
        LIST_READ = "list_read", pgettext_lazy("audit", "Signer list looked at")
        ADDRESS_ASKED = "address_asked", pgettext_lazy("audit", "Signer looked for by address")
        EXPORTED = "exported", pgettext_lazy("audit", "Signer list exported")
        PAPER = "paper", pgettext_lazy("audit", "Paper sheet checked")
        MEMBERS = "members", pgettext_lazy("audit", "List of Members taken in")
        POST_PUBLISHED = "post_published", pgettext_lazy("audit", "News published")
        POST_BACK = "post_back", pgettext_lazy("audit", "News taken back before it appeared")
        POST_CORRECTED = "post_corrected", pgettext_lazy("audit", "News corrected")
        POST_WITHDRAWN = "post_withdrawn", pgettext_lazy("audit", "News withdrawn")
        DOCUMENT_KEPT = "document_kept", pgettext_lazy("audit", "Copy of an official text kept")
        DOCUMENT_REMOVED = (
            "document_removed",
            pgettext_lazy("audit", "Copy of an official text removed"),
        )

    happened_at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    actor = models.BigIntegerField(null=True)
    petition = models.ForeignKey(
        Petition, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    detail = models.JSONField(default=dict)
    position = models.PositiveBigIntegerField(null=True, unique=True)
    digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="audit_sealed_whole",
                condition=models.Q(position__isnull=True, digest__isnull=True)
                | models.Q(position__isnull=False, digest__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%Y-%m-%d %H:%M}"


class AuditHead(models.Model):
    """The ends of the chain, in one row.

    position, digest    of the last line sealed (0 and nothing before the first)
    erased, erased_digest    of the last line that was old enough to be erased
    """

    position = models.PositiveBigIntegerField(default=0)
    digest = models.BinaryField(max_length=32, default=b"")
    erased = models.PositiveBigIntegerField(default=0)
    erased_digest = models.BinaryField(max_length=32, default=b"")

    class Meta:
        constraints = [
            models.CheckConstraint(name="audit_one_head", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return f"{self.position}"
