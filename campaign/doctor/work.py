"""What must go on by itself: mail, counting, opening and closing; and vaults that still open."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from campaign.doctor.findings import Finding, fail, ok, warn
from petitions import clock
from petitions.domain import bounces, mail_caps, mailing, purging
from petitions.models import KeySlot, Petition
from petitions.states import PetitionState

#: A mail may wait for a worker that restarts, but not for one that is not there.
_SLOW, _LATE = timedelta(minutes=2), timedelta(minutes=15)
#: What a running worker does at least this often.
_ROUND = timedelta(minutes=2)
#: Beat writes its file every three minutes.
_SILENT = timedelta(minutes=10)
#: A passphrase that nobody has typed for this long may have been lost.
_PROOF_LASTS = timedelta(days=100)
_WORKER = "`systemctl status petition-worker petition-beat`, and look into their journal."


def outbox_moves() -> Iterator[Finding]:
    waiting = mailing.oldest_waiting()
    text = f"the oldest mail has waited {waiting.total_seconds():.0f} s" if waiting else "is empty"
    remedy = f"{_WORKER} A mail server that refuses stands there too."
    if waiting and waiting > _LATE:
        yield fail("outbox", text, remedy=remedy)
    elif waiting and waiting > _SLOW:
        yield warn("outbox", text, remedy=remedy)
    else:
        yield ok("outbox", text)


def mail_caps_leave_room() -> Iterator[Finding]:
    """Nothing is said where there is no cap."""
    room = mail_caps.room()
    if room is None:
        return
    if room:
        yield ok("mail caps", f"{room} more mails may leave now")
    else:
        yield warn(
            "mail caps",
            "MAILS_PER_HOUR or MAILS_PER_DAY is reached: mails wait, and signers with them",
            remedy="Ask your mail provider for more, then raise the cap and restart the worker.",
        )


def mails_are_taken() -> Iterator[Finding]:
    """How many mails of the last seven days were refused for good, at once or by a later report."""
    found = bounces.refused()
    text = f"{found.refused} of {found.mails} of seven days were refused for good"
    if found.is_alarming:
        yield warn(
            "mails refused",
            f"{text}: above {bounces.ALARM_SHARE:.0%} providers begin to doubt the sender",
            remedy="See whether `read_bounces` tells one reason, such as a sender on a block list.",
        )
    else:
        yield ok("mails refused", text)


def worker_keeps_up() -> Iterator[Finding]:
    """What is due by the clock has been done, and what was counted stands on the pages."""
    overdue = Petition.objects.filter(
        state=PetitionState.OPEN, closes_at__lt=clock.db_now() - _ROUND
    )
    behind = Petition.objects.filter(
        signatures__changed_at__gt=F("tally__as_of"),
        signatures__changed_at__lt=clock.db_now() - _ROUND,
    ).distinct()
    wrong = [
        *(fail("worker", f"{each.slug} should have closed", remedy=_WORKER) for each in overdue),
        *(fail("worker", f"the total of {each.slug} is old", remedy=_WORKER) for each in behind),
    ]
    yield from wrong or [ok("worker", "totals and closings are up to date")]


def purge_keeps_up() -> Iterator[Finding]:
    """Whether everything that has had its time is gone (`petitions/domain/purging.py`)."""
    if purging.is_late():
        text = "signatures are here a day after their end: the privacy page promises less"
        yield fail("purge", text, remedy=_WORKER)
    else:
        yield ok("purge", "what has had its time is deleted")


def clock_rings() -> Iterator[Finding]:
    """Whether beat has written its file lately: without it the worker does nothing."""
    written = [path.stat().st_mtime for path in settings.VAR_DIR.glob("beat*")]
    if not written:
        yield warn("beat", "has never run here", remedy=_WORKER)
        return
    silent = clock.display_now() - datetime.fromtimestamp(max(written), clock.TORONTO)
    text = f"wrote its file {silent / timedelta(minutes=1):.0f} minutes ago"
    yield warn("beat", text, remedy=_WORKER) if silent > _SILENT else ok("beat", text)


def vaults_are_proved() -> Iterator[Finding]:
    """Every passphrase and sheet of a petition that takes signatures, or soon will."""
    before = clock.db_instant() - _PROOF_LASTS
    taking = [PetitionState.SCHEDULED, PetitionState.OPEN]
    slots = KeySlot.objects.filter(vault__petition__state__in=taking)
    old = [
        slot
        for slot in slots.select_related("vault__petition").order_by("pk")
        if slot.proved_at is None or slot.proved_at < before
    ]
    for slot in old:
        when = f"last opened it on {slot.proved_at:%Y-%m-%d}" if slot.proved_at else "never did"
        yield warn(
            "vault",
            f"{slot.vault.petition.slug}: the {slot.get_kind_display().lower()} {when}",
            remedy="Whoever holds it tries it on the desk; if it is lost, make a new slot now.",
        )
    if not old:
        yield ok("vault", f"{len(slots)} passphrases and sheets were tried within 100 days")
