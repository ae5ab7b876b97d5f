"""Sessions of the desk: how long they last, from which browsers, and ending them."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import F

from campaign.accounts.models import DeskSession, User
from petitions import clock
from petitions.domain import auditing, vault_sessions

#: A session without a request for so long is over, and every one after a working day.
IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
#: How long a browser is known again, and its sign-ins are told.
KEPT = timedelta(days=365)

#: Each mark stands before those that its browser also claims to be.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def new_device() -> str:
    """What a browser keeps in a cookie, to be known again."""
    return secrets.token_urlsafe(24)


def _digest(device: str) -> str:
    return sha256(device.encode()).hexdigest()


def browser_of(user_agent: str) -> str:
    """The kind of browser and machine in two words, out of what the browser says of itself."""
    named = [_first(_BROWSERS, user_agent), _first(_MACHINES, user_agent)]
    return ", ".join(name for name in named if name)


def _first(names: Iterable[tuple[str, str]], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")


def begin(
    person: User, *, session_key: str, device: str, user_agent: str
) -> tuple[DeskSession, bool]:
    """Notes a sign-in: the row, and whether this browser is new to somebody who had another.

    The first browser of an account is no news: its owner has just opened the account with it.
    """
    known = DeskSession.objects.filter(person=person)
    is_new = known.exists() and not known.filter(device=_digest(device)).exists()
    row = DeskSession.objects.create(
        person=person,
        session_key=session_key,
        device=_digest(device),
        browser=browser_of(user_agent),
        began_at=clock.db_instant(),
    )
    return row, is_new


def is_over(began: datetime, seen: datetime, now: datetime) -> str:
    """Why a session ends now: "idle", "long", or "" while it goes on."""
    if now - began >= LONGEST:
        return "long"
    return "idle" if now - seen >= IDLE else ""


def going_on(person: User) -> list[DeskSession]:
    """Sessions that still open the desk, the newest first."""
    now = clock.db_instant()
    rows = DeskSession.objects.filter(person=person, ended_at=None, began_at__gt=now - LONGEST)
    return [row for row in rows if _is_alive(row, now)]


def _is_alive(row: DeskSession, now: datetime) -> bool:
    stored = SessionStore(row.session_key)
    seen = stored.get("seen")
    if stored.get("desk_session") != row.pk or seen is None:
        return False
    return now - datetime.fromisoformat(seen) < IDLE


@transaction.atomic
def end(row: DeskSession, *, by: User) -> None:
    """Signs one browser out."""
    SessionStore(row.session_key).delete()
    DeskSession.objects.filter(pk=row.pk, ended_at=None).update(ended_at=clock.db_now())
    vault_sessions.close_all(row.person, by=by)
    auditing.record(auditing.Kind.SESSIONS_ENDED, by=by, person=row.person_id)


@transaction.atomic
def end_all(person: User, *, by: User) -> None:
    """Signs a person out in every browser, also where no session was noted."""
    User.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    person.refresh_from_db(fields=["sessions_ended"])
    for row in DeskSession.objects.filter(person=person, ended_at=None):
        SessionStore(row.session_key).delete()
    DeskSession.objects.filter(person=person, ended_at=None).update(ended_at=clock.db_now())
    vault_sessions.close_all(person, by=by)
    auditing.record(auditing.Kind.SESSIONS_ENDED, by=by, person=person.pk)


def forget_old() -> int:
    """Deletes notes of sign-ins after a year; returns how many."""
    deleted, _models = DeskSession.objects.filter(began_at__lt=clock.db_now() - KEPT).delete()
    return deleted
