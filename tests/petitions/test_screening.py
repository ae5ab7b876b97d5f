"""Hold rules: what they hold, whom they leave alone, and that no query of a submit is theirs."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from random import Random
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from petitions import clock, networks, peppers
from petitions.domain import delivering, events, purging, screening, signing, withdrawing
from petitions.domain.delivering import drain
from petitions.domain.screening import BURSTS, Arrival
from petitions.domain.signing import Outcome
from petitions.models import Delivery, Petition, Signature
from petitions.states import HoldRule
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 1, 10, 17, tzinfo=UTC)
HALL = "203.0.113.7"
_number = count(1)


@pytest.fixture(autouse=True)
def one_process(settings: Settings) -> None:
    settings.PETITIONS_WEB_PROCESSES = 1
    settings.PETITIONS_EVENT_NETWORKS = []


def _unlike() -> dict[str, str]:
    """Answers that share no mark with anybody's."""
    number = next(_number)
    return {
        "name": f"Chan {_letters(number)}",
        "postal_code": f"V{number % 10}B {number // 10 % 10}A{number // 100 % 10}",
        "email": f"someone@domain-{number}.ca",
    }


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def _rule(signature: Signature) -> str:
    """What the worker's look makes of a row."""
    screening.screen(Signature.objects.get(pk=signature.pk))
    signature.refresh_from_db()
    assert bool(signature.held_rule) == (signature.held_at is not None)
    return signature.held_rule


def _burst(petition: Petition, number: int, **same: str) -> list[Signature]:
    return [make.submitted(petition, **{**_unlike(), **same}) for _turn in range(number)]


# --- each rule -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "domain", ["mailinator.com", "YOPMAIL.fr", "box.guerrillamail.com", "trashmail.de"]
)
def test_a_mailbox_to_throw_away_is_held(petition: Petition, domain: str) -> None:
    assert _rule(make.submitted(petition, email=f"a@{domain}")) == HoldRule.DISPOSABLE


@pytest.mark.parametrize("domain", ["gmail.com", "notmailinator.com", "mailinator.com.ca"])
def test_other_mailboxes_are_not(petition: Petition, domain: str) -> None:
    assert _rule(make.submitted(petition, email=f"a@{domain}")) == ""


def test_an_address_changed_for_one_to_throw_away_is_held(petition: Petition) -> None:
    signature = make.submitted(petition)
    signing.change_address(signature, "a@mailinator.com")
    assert _rule(signature) == HoldRule.DISPOSABLE


@pytest.mark.parametrize("rule", BURSTS)
def test_a_burst_is_held_from_its_number_on(petition: Petition, rule: HoldRule) -> None:
    same = {
        HoldRule.DOMAIN: lambda number: {"email": f"a{number}@same.ca"},
        HoldRule.NAME: lambda _number: {"name": "Sok Dara"},
        HoldRule.POSTAL: lambda _number: {"postal_code": "V3B 1A1"},
    }[rule]
    burst = BURSTS[rule]
    rules = []
    for number in range(burst.least + burst.spread):
        signature = make.submitted(petition, **{**_unlike(), **same(number)})
        rules.append(_rule(signature))
        if not rules[-1]:
            signing.confirm(signature)
    free = rules.index(rule)
    assert burst.least - 1 <= free < burst.least + burst.spread
    assert rules == [""] * free + [rule] * (len(rules) - free)


def test_what_is_still_pending_of_a_burst_is_held_with_it(petition: Petition) -> None:
    rows = [make.submitted(petition, **_unlike() | {"email": f"a{n}@same.ca"}) for n in range(5)]
    signing.confirm(rows[0])
    stranger = make.submitted(petition, **_unlike())
    assert _rule(rows[4]) == HoldRule.DOMAIN
    held = Signature.objects.filter(held_rule=HoldRule.DOMAIN)
    assert set(held) == set(rows[1:])
    stranger.refresh_from_db()
    assert stranger.held_at is None


def test_what_a_rule_has_held_keeps_that_rule(petition: Petition) -> None:
    row = make.submitted(petition, email="a@mailinator.com")
    Signature.objects.filter(pk=row.pk).update(held_at=row.created_at, held_rule="trap")
    assert screening.screen(Signature.objects.get(pk=row.pk)) is None
    assert _rule(row) == HoldRule.TRAP


def test_what_waits_since_the_day_before_is_not_held_with_a_burst(
    petition: Petition, set_clock: SetClock
) -> None:
    set_clock(NOON)
    petition = make.open_petition(opens_at=NOON, closes_at=NOON + timedelta(days=9))
    early = make.submitted(petition, **_unlike() | {"email": "early@same.ca"})
    set_clock(NOON + screening.BURST_WINDOW)
    rows = [make.submitted(petition, **_unlike() | {"email": f"a{n}@same.ca"}) for n in range(5)]
    assert _rule(rows[4]) == HoldRule.DOMAIN
    early.refresh_from_db()
    assert early.held_at is None


def test_a_burst_of_yesterday_is_over(petition: Petition, set_clock: SetClock) -> None:
    set_clock(NOON)
    petition = make.open_petition(opens_at=NOON, closes_at=NOON + timedelta(days=9))
    rows = [make.submitted(petition, **_unlike() | {"email": f"a{n}@same.ca"}) for n in range(5)]
    set_clock(NOON + screening.BURST_WINDOW)
    late = make.submitted(petition, **_unlike() | {"email": "late@same.ca"})
    assert _rule(late) == ""
    set_clock(NOON + screening.BURST_WINDOW - timedelta(seconds=1))
    assert _rule(rows[0]) == HoldRule.DOMAIN


def test_one_address_sent_often_is_no_burst(petition: Petition) -> None:
    rows = _burst(petition, 40, name="Sok Dara", postal_code="V3B 1A1", email="dara@small.ca")
    assert {_rule(row) for row in rows} == {""}


def test_petitions_share_no_burst() -> None:
    here, there = make.open_petition(), make.open_petition()
    for number in range(4):
        make.submitted(here, **_unlike() | {"email": f"a{number}@same.ca"})
    assert _rule(make.submitted(there, **_unlike() | {"email": "b@same.ca"})) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sok Dara", "DARA  SOK"),
        ("Lê Thị Hoa", "Le Thi Hoa"),
        ("សុខ ដារ៉ា", "ដារ៉ា សុខ"),
        ("Jean-Paul Roy", "Jean Paul Roy"),
    ],
)
def test_spellings_of_one_name_have_one_mark(petition: Petition, one: str, other: str) -> None:
    first, second = (screening.marks(petition, name=each, postal_code="") for each in (one, other))
    assert first == second
    assert first != screening.marks(petition, name="Sok Dary", postal_code="")


@pytest.mark.parametrize(
    "domain", ["gmail.com", "mail.utoronto.ca", "a.example.org", "example.org", "signers.test"]
)
def test_a_domain_of_many_people_has_no_mark(petition: Petition, domain: str) -> None:
    assert screening.domain_mark(petition, f"a@{domain}") == {"mark_domain": None}


def test_marks_tell_nothing_without_the_pepper(petition: Petition, settings: Settings) -> None:
    before = screening.marks(petition, name="Sok Dara", postal_code="V3B 1A1")
    settings.PETITIONS_INDEX_PEPPER = "another"
    petition.pepper_name = peppers.newest_name()
    after = screening.marks(petition, name="Sok Dara", postal_code="V3B 1A1")
    assert all(before[column] != after[column] for column in before)


def test_nobody_can_count_down_to_the_number_of_a_name(petition: Petition) -> None:
    names = (
        screening.marks(petition, name=_letters(number), postal_code="")["mark_name"]
        for number in range(200)
    )
    numbers = {screening._most(HoldRule.NAME, mark or b"") for mark in names}
    burst = BURSTS[HoldRule.NAME]
    assert numbers == set(range(burst.least, burst.least + burst.spread + 1))


# --- what the request says -------------------------------------------------------------------


def _arrive(peer: str = HALL, *, is_trapped: bool = False, seconds: float = 60) -> Arrival:
    request = RequestFactory().post("/", REMOTE_ADDR=peer)
    return networks.arrival(request, is_trapped=is_trapped, seconds=seconds)


def test_a_filled_trap_holds_also_at_an_event(settings: Settings) -> None:
    assert _arrive(is_trapped=True) == Arrival(HoldRule.TRAP)
    settings.PETITIONS_EVENT_NETWORKS = [HALL]
    assert _arrive(is_trapped=True) == Arrival(HoldRule.TRAP)


def test_a_few_hasty_forms_are_a_browsers_own_and_many_a_machines() -> None:
    rules = [_arrive(seconds=2.9).rule for _turn in range(25)]
    assert rules == [None] * 20 + [HoldRule.HASTY] * 5
    assert _arrive(seconds=3).rule is None
    assert _arrive("198.51.100.1", seconds=0).rule is None


def test_at_an_event_nobody_is_hasty(settings: Settings) -> None:
    settings.PETITIONS_EVENT_NETWORKS = [HALL]
    assert {_arrive(seconds=0) for _turn in range(60)} == {Arrival(is_event=True)}


def test_above_its_ceiling_an_event_is_held_and_not_refused() -> None:
    _announce(ceiling=3)
    arrivals = [_arrive() for _turn in range(5)]
    assert arrivals == [Arrival(is_event=True)] * 3 + [Arrival(HoldRule.CROWD)] * 2


def _announce(*, ceiling: int) -> None:
    now = datetime.now(UTC)
    events.announce(
        name="Temple",
        network=f"{HALL}/32",
        begins_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        ceiling=ceiling,
        by=people.person(),
    )


def test_a_rule_of_the_request_is_stored_with_the_row(petition: Petition) -> None:
    token = make.tokens.form_token(petition.public_id, "en")
    arrival = Arrival(HoldRule.TRAP)
    signing.submit(petition, make.answers(), form_token=token, language="en", arrival=arrival)
    row = Signature.objects.get()
    assert (row.held_rule, row.held_at) == ("trap", row.created_at)
    assert signing.confirm(row) == Outcome.HELD


def test_at_an_event_no_mark_is_kept(petition: Petition) -> None:
    token = make.tokens.form_token(petition.public_id, "en")
    answers = make.answers(email="a@small.ca")
    signing.submit(
        petition, answers, form_token=token, language="en", arrival=Arrival(is_event=True)
    )
    row = Signature.objects.get()
    assert (row.mark_name, row.mark_postal, row.mark_domain) == (None, None, None)


# --- the worker, and the price ---------------------------------------------------------------


def test_the_worker_looks_before_the_link_leaves(petition: Petition) -> None:
    signature = make.submitted(petition, email="a@mailinator.com")
    drain()
    signature.refresh_from_db()
    assert signature.held_rule == HoldRule.DISPOSABLE
    # The mail is the same as everybody's.
    assert [message.to for message in mail.outbox] == [["a@mailinator.com"]]
    assert signing.confirm(signature) == Outcome.HELD


def test_a_submit_asks_nothing_for_the_rules(petition: Petition) -> None:
    with CaptureQueriesContext(connection) as queries:
        make.submitted(petition, **_unlike())
    asked = [each["sql"] for each in queries if each["sql"].startswith("SELECT")]
    assert asked
    assert not [sql for sql in asked if '"mark_' in sql.partition("WHERE")[2]]
    assert not [sql for sql in asked if "petitions_review" in sql]


def test_a_look_is_one_statement(petition: Petition) -> None:
    _burst(petition, 3)
    signature = make.submitted(petition, **_unlike())
    with CaptureQueriesContext(connection) as queries:
        screening.screen(signature)
    assert len(queries) == 1


@pytest.mark.parametrize("act", [signing.confirm, withdrawing.withdraw])
def test_only_what_is_pending_is_looked_at(petition: Petition, act: object) -> None:
    signature = make.submitted(petition, email="a@mailinator.com")
    assert callable(act)
    act(signature)
    assert _rule(signature) == ""


# --- marks do not stay -----------------------------------------------------------------------


def test_marks_are_wiped_after_three_days_but_of_what_is_held(set_clock: SetClock) -> None:
    set_clock(NOON)
    petition = make.open_petition(opens_at=NOON, closes_at=NOON + timedelta(days=90))
    counted, held = (make.submitted(petition, email=f"a{n}@small.ca") for n in range(2))
    signing.confirm(counted)
    Signature.objects.filter(pk=held.pk).update(held_at=NOON, held_rule="domain")
    set_clock(NOON + screening.MARK_LIFE - timedelta(seconds=1))
    assert purging.purge_marks() == 0
    set_clock(NOON + screening.MARK_LIFE)
    assert purging.purge_marks() == 1
    left = Signature.objects.exclude(mark_name=None, mark_postal=None, mark_domain=None)
    assert list(left) == [held]


@pytest.mark.parametrize("act", [withdrawing.erase, withdrawing.disown])
def test_who_leaves_takes_the_marks_along(petition: Petition, act: object) -> None:
    signature = make.submitted(petition, email="a@small.ca")
    assert callable(act)
    act(signature)
    signature.refresh_from_db()
    assert (signature.mark_name, signature.mark_postal, signature.mark_domain) == (None,) * 3


# --- crowds ----------------------------------------------------------------------------------


def _sign(petition: Petition, arrival: Arrival, **answers: str) -> Outcome:
    """One person's whole way, but for the mail."""
    token = make.tokens.form_token(petition.public_id, "km")
    public_id = signing.submit(
        petition, make.answers(**answers), form_token=token, language="km", arrival=arrival
    )
    row = Signature.objects.get(public_id=public_id)
    screening.screen(row)
    return signing.confirm(row)


def test_a_thousand_honest_signers_behind_one_event_address_all_count(
    petition: Petition, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KEPT_SECONDS = 60
    monkeypatch.setattr(events, "_kept", (0.0, ()))
    _announce(ceiling=1000)
    request = RequestFactory().post("/", REMOTE_ADDR=HALL)
    outcomes: Counter[Outcome] = Counter()
    for number in range(1000):
        assert networks.over_limit(request, "sign") is None
        arrival = networks.arrival(request, is_trapped=False, seconds=number % 5)
        # One hall, so one postal code on many forms; few names; the temple's own domain.
        outcomes[
            _sign(
                petition,
                arrival,
                name=f"Sok {_letters(number % 7)}",
                postal_code="V3B 1A1",
                email=f"member-{number}@temple.ca",
            )
        ] += 1
    assert outcomes == {Outcome.COUNTED: 1000}


def _people(random: Random) -> Iterator[dict[str, str]]:
    """Names, homes and mailboxes as in a community: some of each are very common."""
    family = [f"Fam{_letters(number)}" for number in range(60)]
    given = [f"Giv{_letters(number)}" for number in range(150)]
    for number in count():
        (first,) = random.choices(given, [1 / (place + 12) for place in range(150)])
        (last,) = random.choices(family, [1 / (place + 8) for place in range(60)])
        at = random.random()
        shared = random.choice(["gmail.com", "yahoo.ca", "hotmail.com", "icloud.com", "telus.net"])
        domain = shared if at < 0.93 else f"office-{random.randrange(200)}.ca"
        place = random.randrange(400)
        yield {
            "name": f"{last} {first}",
            "email": f"p{number}@{domain}",
            "postal_code": f"V{place % 10}B {place // 10 % 10}A{place // 100}",
        }


def test_of_five_hundred_honest_signers_at_home_in_one_day_none_is_held(
    petition: Petition,
) -> None:
    some = islice(_people(Random(7)), 500)
    assert {_sign(petition, screening.PLAIN, **person) for person in some} == {Outcome.COUNTED}


def test_of_a_thousand_bots_from_twenty_domains_over_nine_in_ten_are_held(
    petition: Petition,
) -> None:
    """Also when each confirms before the next one comes: the worst order for the rules."""
    outcomes = Counter(
        _sign(petition, screening.PLAIN, **_unlike() | {"email": f"b{n}@bots-{n % 20}.xyz"})
        for n in range(1000)
    )
    assert outcomes == {Outcome.HELD: 920, Outcome.COUNTED: 80}
    assert Signature.objects.counted().count() == 80


def test_a_thousand_posts_of_one_address_are_five_mails_a_day_and_ten_in_all(
    set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "compose", _short_mail)
    set_clock(NOON)
    petition = make.open_petition(opens_at=NOON, closes_at=NOON + timedelta(days=90))
    first = make.submitted(petition, email="victim@example.org")
    sent = []
    for day, posts in ((0, 1000), (1, 20), (2, 20)):
        set_clock(NOON + timedelta(days=day))
        _post_again(first, posts)
        for post in range(posts):
            set_clock(NOON + timedelta(days=day, seconds=80 * post))
            drain()
        sent.append(len(mail.outbox))
    assert sent == [5, 10, 10]
    assert Signature.objects.count() == 1041


def _post_again(first: Signature, number: int) -> None:
    """The rows that so many more submits of the same answers would have stored, 80 s apart."""
    (delivery,) = first.deliveries.all()[:1]
    begun = clock.db_instant()
    copies = []
    for _turn in range(number):
        copy = Signature.objects.get(pk=first.pk)
        copy.pk, copy.public_id, copy.submission_key = None, uuid4(), None
        copies.append(copy)
    Signature.objects.bulk_create(copies)
    Delivery.objects.bulk_create(
        Delivery(
            kind=delivery.kind,
            petition=first.petition,
            signature=copy,
            address_index=delivery.address_index,
            language="km",
            created_at=begun,
            due_at=begun + timedelta(seconds=80 * place),
        )
        for place, copy in enumerate(copies)
    )


def _short_mail(_delivery: Delivery) -> EmailMultiAlternatives:
    return EmailMultiAlternatives("subject", "body", to=["victim@example.org"])
