"""What a burst came to: its figures, and the promises that it did not keep."""

from tests.bench.report import Figure
from tests.burst.place import Come
from tests.burst.record import ALLOWED, Record, percentile

#: Within how many milliseconds 95 of 100 submits are answered while people come as expected.
_SUBMIT = 500
_MOST_COPIES = 1


def figures(come: Come, *, people: int, seconds: float) -> list[Figure]:
    """Of any crowd: what came, what was kept, how fast."""
    record, found = come.record, come.found()
    signed, counted = len(record.ledger.signed), len(record.ledger.counted)
    told, truth = come.public_total()
    delays = record.mail_delays()
    statuses = ", ".join(f"{times:,} × {status}" for status, times in record.statuses())
    return [
        Figure("people", f"{people:,} in {seconds:,.0f} s, {people / seconds:,.0f} a second"),
        Figure("signs", f"acknowledged {signed:,}, found {found.signed:,}", "all found"),
        Figure("confirms", f"acknowledged {counted:,}, found {found.counted:,}", "all found"),
        Figure("duplicates", f"{found.duplicates}", "0"),
        Figure("public total", f"{told:,} of {truth:,} rows", "equal"),
        Figure("mails", f"{record.mailed().total():,}, at most {_copies(record)} each", "1 each"),
        Figure("signs a second", f"{record.rate('sign'):.1f}"),
        Figure("confirms a second", f"{record.rate('confirm'):.1f}"),
        *(_times(record, what) for what in ("sign", "confirm")),
        Figure(
            "from the submit to the mail: half, 95, 99 of 100",
            " / ".join(f"{percentile(delays, part):.1f} s" for part in (0.5, 0.95, 0.99)),
        ),
        Figure("answers", statuses),
        Figure("seconds of the processor", _used(come)),
        Figure("the latest of them", f"{record.over.get('late', 0) * 1000:,.0f} ms late"),
    ]


def _times(record: Record, what: str) -> Figure:
    seconds = record.seconds(what, 303)
    times = " / ".join(f"{percentile(seconds, part) * 1000:,.0f} ms" for part in (0.5, 0.95, 0.99))
    return Figure(f"{what}: half, 95, 99 of 100 within", times)


def _used(come: Come) -> str:
    people = {"people": come.record.over.get("processor", 0.0)}
    return ", ".join(f"{part} {seconds:,.0f}" for part, seconds in (come.used | people).items())


def _copies(record: Record) -> int:
    return max(record.mailed().values(), default=0)


def broken(come: Come) -> list[str]:
    """What no crowd excuses, however many come."""
    record, found = come.record, come.found()
    signed, counted = len(record.ledger.signed), len(record.ledger.counted)
    told, truth = come.public_total()
    wrong = sorted(set(record.ledger.wrong))
    return [
        *(f"{what} ({record.ledger.wrong.count(what):,} times)" for what in wrong),
        *_unless(signed > 0, "nobody signed"),
        *_unless(found.signed == signed, f"{signed - found.signed} signatures are lost"),
        *_unless(found.counted == counted, f"{counted - found.counted} confirms are lost"),
        *_unless(found.duplicates == 0, f"{found.duplicates} duplicates"),
        *_unless(told == truth, f"the public total is {told}, and not {truth}"),
        *_unless(_copies(record) <= _MOST_COPIES, f"{_copies(record)} mails to one address"),
        *_unless(_unconfirmed(record) == 0, f"{_unconfirmed(record)} who signed are not counted"),
        *_unless(bool(record.over), "the people were not done"),
    ]


def broken_in_calm(come: Come, *, people: int) -> list[str]:
    """What is promised besides while as many come as were expected."""
    record = come.record
    signed, p95 = len(record.ledger.signed), percentile(record.seconds("sign", 303), 0.95) * 1000
    return [
        *broken(come),
        *_unless(signed == people, f"{people - signed} of {people} could not sign"),
        *_unless(record.refused() == 0, f"{record.refused()} answers told people to come later"),
        *_unless(p95 < _SUBMIT, f"95 of 100 submits took up to {p95:,.0f} ms"),
    ]


def _unconfirmed(record: Record) -> int:
    return len(set(record.ledger.signed) - record.ledger.counted)


def _unless(holds: bool, what: str) -> list[str]:  # noqa: FBT001 - reads as a sentence
    return [] if holds else [what]


def allowed() -> str:
    return "/".join(map(str, sorted(ALLOWED)))
