"""Reads reports of mails that did not arrive, from a mail server's pipe or a mailbox."""

import mailbox
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_binary_file
from os import EX_TEMPFAIL
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as AnyDatabaseError

from petitions.domain import bounces
from petitions.domain.bounces import Outcome

#: After these nothing is left to do about a message of a mailbox: it is deleted.
_DONE = frozenset({Outcome.HARD, Outcome.SOFT, Outcome.KNOWN})


class Command(BaseCommand):
    help = (
        "Takes in a report that a mail did not arrive: one message from standard input, for a pipe "
        "of the mail server, or all of a mailbox. Reports of a mailbox are deleted when they are "
        "taken in; everything else stays there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        place = parser.add_mutually_exclusive_group()
        place.add_argument("--maildir", type=Path, help="a folder with cur, new and tmp")
        place.add_argument("--mbox", type=Path, help="a file of messages")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["maildir"]:
            found = _of_mailbox(mailbox.Maildir, options["maildir"])
        elif options["mbox"]:
            found = _of_mailbox(mailbox.mbox, options["mbox"])
        else:
            found = Counter([self._of_pipe()])
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(found.items()))
        self.stdout.write(f"Messages read: {told or 'none'}.")

    def _of_pipe(self) -> Outcome:
        message = message_from_binary_file(sys.stdin.buffer)
        try:
            return bounces.take_in(message)
        except AnyDatabaseError as error:
            # The mail server then keeps the message and comes again.
            raise CommandError(
                f"The database does not answer ({type(error).__name__}).", returncode=EX_TEMPFAIL
            ) from error


def _of_mailbox(kind: type[mailbox.Maildir | mailbox.mbox], path: Path) -> Counter[Outcome]:
    if not path.exists():
        raise CommandError(f"There is no mailbox at {path}.")
    found: Counter[Outcome] = Counter()
    with _locked(kind(str(path), create=False)) as box:
        for key, message in list(box.items()):
            outcome = bounces.take_in(message)
            found[outcome] += 1
            if outcome in _DONE:
                box.remove(key)
    return found


@contextmanager
def _locked(box: Any) -> Iterator[Any]:
    """Nobody delivers into it meanwhile; what was deleted is gone even if a later message fails."""
    box.lock()
    try:
        yield box
    finally:
        box.flush()
        box.unlock()
        box.close()
