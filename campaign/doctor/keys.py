"""Keys: of the right form, no demonstration's, and in files that only this site reads."""

import json
import stat
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings

from campaign.doctor.findings import Finding, fail, ok, warn
from campaign.environment import BASE_DIR
from petitions import peppers
from petitions.domain import mail_keys
from petitions.models import Petition, Suppression, Vault

#: Name → least number of characters.
_SECRETS = {"SECRET_KEY": 50, "PETITIONS_LINK_KEY": 32, "PETITIONS_INDEX_PEPPER": 32}
#: Former ones, which are still taken.
_FALLBACKS = {
    "SECRET_KEY_FALLBACKS": 50,
    "PETITIONS_LINK_KEY_FALLBACKS": 32,
    "PETITIONS_INDEX_PEPPER_FALLBACKS": 32,
}
_ANEW = "Make it as .env.example says."


def have_their_form() -> Iterator[Finding]:
    wrong = [*_short(), *_no_mail_keys(), *_shared(), *_of_a_demonstration()]
    yield from wrong or [ok("keys", "all are there and have their form")]


def are_closed_to_others() -> Iterator[Finding]:
    """Only the site's user and group; `.env` may be a link to a file elsewhere."""
    var_dir: Path = settings.VAR_DIR
    private = [BASE_DIR / ".env", var_dir, *var_dir.glob("keys*.json")]
    open_ones = [path for path in private if path.exists() and _others_read(path.resolve())]
    for path in open_ones:
        yield fail(
            "files",
            f"{path} can be read by every user of this machine",
            remedy=f"chmod o= {path.resolve()}",
        )
    if not open_ones:
        yield ok("files", "keys and database are closed to other users")


def mail_keys_open_what_waits() -> Iterator[Finding]:
    """Whether a mail key that is not the first could be dropped, or one was dropped too early."""
    kept = mail_keys.kept()
    older = sum(each.older for each in kept)
    unreadable = sum(each.unreadable for each in kept)
    if unreadable:
        yield fail(
            "mail keys",
            f"{unreadable} stored addresses open with no key of PETITIONS_MAIL_KEYS",
            remedy="Put the key back that was dropped, as the last one.",
        )
    if older:
        yield warn(
            "mail keys",
            f"{older} stored addresses need an older key",
            remedy="`manage.py rotate_mail_key`; keep the older key until nothing needs it.",
        )
    if not kept:
        yield ok("mail keys", "the newest opens every stored address")


def changed_vaults_are_through() -> Iterator[Finding]:
    """Nothing is said where no vault's key is being changed."""
    for row in Vault.objects.exclude(former_key=None).select_related("petition"):
        yield warn(
            "vault keys",
            f"{row.petition.slug}: the former key still opens the list",
            remedy=f"`manage.py rotate_vault {row.petition.slug}`, with the passphrase.",
        )


def peppers_are_those_of_petitions() -> Iterator[Finding]:
    """Whether one was dropped too early, a petition is still under a former one, or one can go."""
    found = list(_unknown_peppers()) or list(_former_peppers())
    yield from found or [ok("peppers", "every petition is under the newest")]


def _unknown_peppers() -> Iterator[Finding]:
    for petition in Petition.objects.order_by("slug"):
        try:
            peppers.named(petition.pepper_name)
        except peppers.UnknownPepperError as error:
            yield fail(
                "peppers", f"nobody can sign {petition.slug}: its pepper is gone", remedy=str(error)
            )


def _former_peppers() -> Iterator[Finding]:
    former = settings.PETITIONS_INDEX_PEPPER_FALLBACKS
    for name in map(peppers.name, former):
        slugs = list(Petition.objects.filter(pepper_name=name).values_list("slug", flat=True))
        if slugs:
            yield warn(
                "peppers",
                f"under a former one: {', '.join(sorted(slugs))}",
                remedy="`manage.py rotate_pepper`, with the passphrase of each.",
            )
    if left := Suppression.objects.exclude(former_pepper="").count():
        yield ok("peppers", f"{left} who want no mail are known by a former one: keep it")
    elif former and not Petition.objects.exclude(pepper_name=peppers.newest_name()).exists():
        yield warn(
            "peppers",
            "nothing needs a former one",
            remedy="Empty PETITIONS_INDEX_PEPPER_FALLBACKS and restart.",
        )


def _short() -> Iterator[Finding]:
    for name, least in _SECRETS.items():
        if len(getattr(settings, name)) < least:
            yield fail("keys", f"{name} has fewer than {least} characters", remedy=_ANEW)
    for name, least in _FALLBACKS.items():
        if any(len(key) < least for key in getattr(settings, name)):
            yield fail("keys", f"one of {name} has fewer than {least} characters", remedy=_ANEW)


def _no_mail_keys() -> Iterator[Finding]:
    for number, key in enumerate(settings.PETITIONS_MAIL_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            yield fail(
                "keys", f"key {number} of PETITIONS_MAIL_KEYS is no Fernet key", remedy=_ANEW
            )


def _shared() -> Iterator[Finding]:
    secrets = _all()
    if len(set(secrets)) < len(secrets):
        yield fail("keys", "two of them are the same", remedy="Make each by itself.")


def _of_a_demonstration() -> Iterator[Finding]:
    path = settings.VAR_DIR / "keys.json"
    if settings.DEMO or not path.exists():
        return
    generated = set(json.loads(path.read_text()).values())
    if generated & set(_all()):
        yield fail("keys", f"some are those of a demonstration, in {path}", remedy=_ANEW)


def _all() -> list[str]:
    lists = (getattr(settings, name) for name in ("PETITIONS_MAIL_KEYS", *_FALLBACKS))
    return [*(getattr(settings, name) for name in _SECRETS), *chain.from_iterable(lists)]


def _others_read(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IRWXO)
