"""Reminding those who sent the form and have not pressed the button in the mail.

By itself after 24 and 72 hours, or sooner by an organizer's press; two at most, whoever asks.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from petitions import clock
from petitions.domain import auditing
from petitions.domain.lifetimes import LONGEST_LIFE, alive, link_works
from petitions.domain.mailing import MOST_EVER, sign_mail
from petitions.models import Delivery, Mailing, Petition, Signature, Suppression
from petitions.models.petition import GRACE
from petitions.states import DeliveryKind, DeliveryState, PetitionState, SignatureState

#: When reminders leave by themselves, counted from the first accepted mail of the link.
AFTER = (timedelta(hours=24), timedelta(hours=72))
#: More would be nagging. Of one address, however often it was typed into the form.
MOST_REMINDERS = len(AFTER)
#: Nobody hears from us sooner after the last mail, whoever asked for that one.
REST = timedelta(hours=24)
#: Rows of one transaction: signing waits for no more than these.
BATCH = 500


def due(petition: Petition) -> QuerySet[Any]:
    """Pending signatures that may be reminded now, by the database's clock.

    Their last mail was accepted a day ago or longer, its link still works, and their address has
    had fewer than two reminders (`reminders` says how many). One that was refused, or that asked
    to be left alone, is not written to, and of rows with the same address the newest stands for
    all. Empty when confirming would no longer count.
    """
    now = clock.db_now()
    newest = Delivery.objects.filter(signature=OuterRef("pk"), generation=OuterRef("generation"))
    not_accepted = [DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.BOUNCED]
    same = {"petition": petition, "email_index": OuterRef("email_index")}
    newer = Signature.objects.filter(**same, state=SignatureState.PENDING, pk__gt=OuterRef("pk"))
    mails = Delivery.objects.filter(petition=petition, address_index=OuterRef("email_index"))
    last = mails.filter(reminder__isnull=False).order_by("-reminder").values("reminder")[:1]
    return Signature.objects.annotate(reminders=Coalesce(Subquery(last), 0)).filter(
        alive(),
        link_works(),
        Q(mail_queued_at=None) | Q(mail_queued_at__lte=now - REST),
        ~Exists(newest.filter(state__in=not_accepted)),
        # Also one that waited long for its server.
        ~Exists(mails.filter(Q(created_at__gt=now - REST) | Q(sent_at__gt=now - REST))),
        ~Exists(newer),
        ~Exists(Suppression.objects.filter(**same)),
        petition=petition,
        petition__state__in=[PetitionState.OPEN, PetitionState.CLOSED],
        petition__closes_at__gt=now - GRACE,
        state=SignatureState.PENDING,
        # Says nothing new, but lets the index on `created_at` find the few among the many.
        confirmed_at=None,
        created_at__gt=now - LONGEST_LIFE,
        link_sent_at__lte=now - REST,
        mails_queued__lt=MOST_EVER,
        reminders__lt=MOST_REMINDERS,
    )


def due_by_itself(petition: Petition) -> QuerySet[Any]:
    """Of these, the ones whose 24 or 72 hours are over, while the petition takes signatures.

    Only after a mail of ours that left: the demonstration's made-up signers never had one.
    """
    first, second = (clock.db_now() - after for after in AFTER)
    left = Delivery.objects.filter(
        signature=OuterRef("pk"), generation=OuterRef("generation"), state=DeliveryState.SENT
    )
    return due(petition).filter(
        Q(reminders=0, link_sent_at__lte=first) | Q(reminders=1, link_sent_at__lte=second),
        Exists(left),
        petition__in=Petition.objects.signable(),
    )


@transaction.atomic
def remind(petition: Petition, *, by: AbstractBaseUser) -> int:
    """Queues one reminder to everybody who is due; returns to how many.

    Two people who press at once remind nobody twice: the second finds nobody due.
    """
    number = _queue(petition, due(petition))
    if number:
        Mailing.objects.create(
            petition=petition,
            kind=DeliveryKind.REMIND,
            recipients=number,
            started_at=clock.db_now(),
            started_by=by,  # type: ignore[misc]  # the user model is the project's
        )
        auditing.record(auditing.Kind.REMINDED, by=by, petition=petition, number=number)
    return number


def remind_by_itself() -> int:
    """The reminders whose time has come, on every open petition; returns how many.

    In batches, each a transaction: a run that is killed, or meets another, queues none twice.
    """
    done = 0
    for petition in Petition.objects.signable():
        while number := _batch(petition):
            done += number
    return done


@transaction.atomic
def _batch(petition: Petition) -> int:
    return _queue(petition, due_by_itself(petition).order_by("pk")[:BATCH])


def _queue(petition: Petition, rows: QuerySet[Any]) -> int:
    """One reminder to each of `rows`, which are asked for only once nobody else reminds.

    Nothing is written to the signature: what its page answers must not tell that it still waits.
    """
    # Without a key lock, so that signing goes on meanwhile.
    Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)
    mails = []
    for row in rows:
        mail = sign_mail(row, kind=DeliveryKind.REMIND)
        mail.reminder = row.reminders + 1
        mails.append(mail)
    return len(Delivery.objects.bulk_create(mails))
