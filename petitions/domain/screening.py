"""Hold rules: which signatures wait for somebody's look before they count.

A held signature is confirmed by its signer like any other, and its page is the same. Two rules are
known when the form is posted (`Arrival`); the rest is looked at by the worker before the mail
leaves, and without that mail nobody confirms: so a submit costs no query more. No rule looks at
the script of a name or at a surname alone, and none refuses or deletes.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, reduce
from hashlib import sha256
from importlib.resources import files
from operator import or_

from django.db.models import Count, Q, QuerySet

from petitions import clock, peppers
from petitions.domain import addresses, folding
from petitions.models import Petition, Review, Signature
from petitions.states import HoldRule, ReviewAct, SignatureState

#: A form of eight fields sent sooner than this was filled in by a program, or by a browser's own.
HASTY = timedelta(seconds=3)
#: How far back a burst is looked for.
BURST_WINDOW = timedelta(hours=24)
#: How long the marks of a signature are kept; those of a held one until it is decided.
MARK_LIFE = timedelta(hours=72)
_MARK = 16


@dataclass(frozen=True)
class Burst:
    """How many addresses with the same mark within `BURST_WINDOW` are one too many.

    The number is `least`, plus up to `spread` by a keyed hash of mark and day: whoever sends false
    signatures to learn, from the first one held, whether somebody of that name or postal code has
    signed today does not know what to expect.
    """

    column: str
    least: int
    spread: int = 0


BURSTS: dict[HoldRule, Burst] = {
    # Of a domain that few use: a family or an office has four signers a day; of a thousand bots
    # from twenty domains eighty get through. Its owner reads its mail anyway: nothing to hide.
    HoldRule.DOMAIN: Burst("mark_domain", 5),
    # The commonest full names come up a handful of times among a thousand Khmer signers.
    HoldRule.NAME: Burst("mark_name", 20, 8),
    # A postal code is one side of a street, or one tower.
    HoldRule.POSTAL: Burst("mark_postal", 30, 8),
}


@dataclass(frozen=True)
class Arrival:
    """What the request of a submit says beside the answers.

    `rule` is the one that it broke. At an announced event no marks are kept: there it is normal
    that many come from one place.
    """

    rule: HoldRule | None = None
    is_event: bool = False


#: Nothing speaks against it.
PLAIN = Arrival()

# --- marks -----------------------------------------------------------------------------------


def marks(petition: Petition, *, name: str, postal_code: str) -> dict[str, bytes | None]:
    """The columns in which signatures of the same name and postal code are equal."""
    folded = " ".join(sorted(folding.fold(name).split()))
    return {
        "mark_name": _mark(petition, "name", folded),
        "mark_postal": _mark(petition, "postal", postal_code) if postal_code else None,
    }


def domain_mark(petition: Petition, email: str) -> dict[str, bytes | None]:
    """The same for the domain of an address; none for a domain that many people share."""
    domain = domain_of(email)
    return {"mark_domain": None if is_common(domain) else _mark(petition, "domain", domain)}


def no_marks() -> dict[str, bytes | None]:
    return {burst.column: None for burst in BURSTS.values()}


def _mark(petition: Petition, kind: str, text: str) -> bytes:
    """HMAC under the pepper, per petition: the database alone cannot be asked for a name."""
    message = b"\0".join((b"mark", kind.encode(), petition.public_id.bytes, text.encode()))
    pepper = peppers.named(petition.pepper_name)
    return hmac.digest(pepper.encode(), message, sha256)[:_MARK]


def domain_of(email: str) -> str:
    return addresses.canonical(email).rpartition("@")[2]


def is_common(domain: str) -> bool:
    listed = _listed("common_domains.txt")
    return domain in listed or any(f".{above}" in listed for above in _and_above(domain))


def is_disposable(domain: str) -> bool:
    return any(each in _listed("disposable_domains.txt") for each in _and_above(domain))


def _and_above(domain: str) -> list[str]:
    """A domain and those that it lies below."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


@cache
def _listed(name: str) -> frozenset[str]:
    lines = (files("petitions") / "data" / name).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


# --- the worker's look -----------------------------------------------------------------------


def screen(signature: Signature) -> HoldRule | None:
    """Holds a pending signature that a rule speaks against, before it is mailed its link.

    With a burst all that is still pending of it is held too.
    """
    if signature.state != SignatureState.PENDING or signature.held_at is not None:
        return None
    if signature.mail_address is not None and is_disposable(
        domain_of(addresses.unlock(signature.mail_address))
    ):
        _hold(Signature.objects.filter(pk=signature.pk), HoldRule.DISPOSABLE)
        return HoldRule.DISPOSABLE
    rule = _burst(signature)
    if rule is None or _is_trusted(signature, rule):
        return None
    _hold(_alike(signature, rule), rule)
    return rule


def _hold(rows: QuerySet[Signature], rule: HoldRule) -> None:
    rows.filter(state=SignatureState.PENDING, held_at=None).update(
        held_at=clock.db_now(), held_rule=rule
    )


def _alike(signature: Signature, rule: HoldRule) -> QuerySet[Signature]:
    """What came with the same mark within the window, itself included."""
    column = BURSTS[rule].column
    return Signature.objects.filter(
        **{column: getattr(signature, column)}, created_at__gt=clock.db_now() - BURST_WINDOW
    )


def _burst(signature: Signature) -> HoldRule | None:
    """The first rule of `BURSTS` that this signature's marks break, by one statement."""
    held = {
        rule: bytes(mark)
        for rule, burst in BURSTS.items()
        if (mark := getattr(signature, burst.column)) is not None
    }
    if not held:
        return None
    same = {rule.value: Q(**{BURSTS[rule].column: mark}) for rule, mark in held.items()}
    recent = Signature.objects.filter(
        reduce(or_, same.values()), created_at__gt=clock.db_now() - BURST_WINDOW
    )
    # An address that is sent ten times is one address.
    numbers = recent.aggregate(
        **{rule: Count("email_index", filter=q, distinct=True) for rule, q in same.items()}
    )
    return next(
        (rule for rule, mark in held.items() if numbers[rule.value] >= _most(rule, mark)), None
    )


def _most(rule: HoldRule, mark: bytes) -> int:
    """The number of addresses at which a mark is a burst today."""
    burst = BURSTS[rule]
    message = b"most" + mark + f"{clock.display_now():%Y-%m-%d}".encode()
    key = peppers.newest().encode()
    return burst.least + hmac.digest(key, message, sha256)[0] % (burst.spread + 1)


def _is_trusted(signature: Signature, rule: HoldRule) -> bool:
    """Whether somebody has looked at signatures with this mark, and accepted them."""
    column = BURSTS[rule].column
    return Review.objects.filter(
        act=ReviewAct.ACCEPT,
        undone_at=None,
        **{f"signature__{column}": getattr(signature, column)},
    ).exists()
