"""Reminding those who sent the form and have not pressed the button in the mail."""

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from petitions import clock
from petitions.domain import auditing
from petitions.domain.lifetimes import alive, link_works
from petitions.domain.mailing import MOST_EVER, sign_mail
from petitions.models import Delivery, Mailing, Petition, Signature, Suppression
from petitions.models.petition import GRACE
from petitions.states import DeliveryKind, DeliveryState, PetitionState, SignatureState

#: Nobody hears from us sooner after the last mail, whoever asked for that one.
REST = timedelta(hours=24)
#: More would be nagging.
MOST_REMINDERS = 2


def due(petition: Petition) -> QuerySet[Signature]:
    """Pending signatures that may be reminded now, by the database's clock.

    Their last mail was accepted a day ago or longer, its link still works, and they have had
    fewer than two reminders. An address that was refused, or that asked to be left alone, is not
    written to. Empty when confirming would no longer count.
    """
    now = clock.db_now()
    mails = Delivery.objects.filter(signature=OuterRef("pk"))
    newest = mails.filter(generation=OuterRef("generation"))
    not_accepted = [DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.BOUNCED]
    silenced = Suppression.objects.filter(petition=petition, email_index=OuterRef("email_index"))
    had = mails.filter(kind=DeliveryKind.REMIND).order_by().values("signature")
    number = Subquery(had.values(number=Count("pk")), output_field=IntegerField())
    return Signature.objects.alias(reminders=Coalesce(number, 0)).filter(
        alive(),
        link_works(),
        Q(mail_queued_at=None) | Q(mail_queued_at__lte=now - REST),
        ~Exists(newest.filter(state__in=not_accepted)),
        ~Exists(silenced),
        petition=petition,
        petition__state__in=[PetitionState.OPEN, PetitionState.CLOSED],
        petition__closes_at__gt=now - GRACE,
        state=SignatureState.PENDING,
        link_sent_at__lte=now - REST,
        mails_queued__lt=MOST_EVER,
        reminders__lt=MOST_REMINDERS,
    )


@transaction.atomic
def remind(petition: Petition, *, by: AbstractBaseUser) -> int:
    """Queues one reminder to everybody who is due; returns to how many.

    Two people who press at once remind nobody twice: the second finds nobody due.
    """
    # Without a key lock, so that signing goes on meanwhile.
    Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)
    rows = list(due(petition))
    if not rows:
        return 0
    Mailing.objects.create(
        petition=petition,
        kind=DeliveryKind.REMIND,
        recipients=len(rows),
        started_at=clock.db_now(),
        started_by=by,  # type: ignore[misc]  # the user model is the project's
    )
    Signature.objects.filter(pk__in=[row.pk for row in rows]).update(
        mails_queued=F("mails_queued") + 1, mail_queued_at=clock.db_now()
    )
    Delivery.objects.bulk_create(sign_mail(row, kind=DeliveryKind.REMIND) for row in rows)
    auditing.record(auditing.Kind.REMINDED, by=by, petition=petition, number=len(rows))
    return len(rows)
