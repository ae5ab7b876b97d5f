"""People who sign and confirm while something breaks: each sends again until told that it is done.

They behave as a person with a browser does: after an error, or no answer, the same form is posted
again, with the same token; nobody fetches a new form because of a broken connection.
"""

from collections.abc import Callable
from http.client import HTTPException
from queue import Empty
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

from tests.faults.ledger import Ledger
from tests.faults.mailserver import Sink
from tests.processes.sites import SIGN, Answer, Site, filled_in

#: Between two tries of one person, and between two persons of one client.
_AGAIN = 0.2
_NEXT = 0.05
#: What the page says to whoever presses a second time.
_ALREADY = "already counted"


class Crowd:
    """`clients` threads that sign, and as many that press what comes by mail."""

    def __init__(self, site: Site, sink: Sink, ledger: Ledger, *, clients: int) -> None:
        self.site, self.sink, self.ledger = site, sink, ledger
        #: No new person begins once it is set; who has begun goes on until `over`.
        self.enough = Event()
        self.over = Event()
        self.signing = [Thread(target=self._sign_many, daemon=True) for _ in range(clients)]
        self.confirming = [Thread(target=self._confirm_many, daemon=True) for _ in range(clients)]

    def start(self) -> None:
        for thread in (*self.signing, *self.confirming):
            thread.start()

    def finish(self, *, within: float) -> None:
        """Lets everybody who has begun come to an end, and sends them home after that time."""
        self.enough.set()
        end = monotonic() + within
        for thread in self.signing:
            thread.join(max(0.0, end - monotonic()))

    def go_home(self) -> None:
        self.over.set()
        for thread in (*self.signing, *self.confirming):
            thread.join(30)

    # --- signing -----------------------------------------------------------------------------

    def _sign_many(self) -> None:
        while not self.enough.is_set():
            self.sign(f"signer-{uuid4().hex}@example.org")
            self.enough.wait(_NEXT)

    def sign(self, email: str) -> bool:
        """One person, until told that the signature is stored; False if sent home before."""
        page = self._until(lambda: self.site.get(SIGN), {200}, "form")
        if page is None:
            return False
        form = filled_in(page.field("form_token"), email=email)
        began = monotonic()
        answer = self._until(lambda: self.site.post(SIGN, form), {303}, "submit", typed=email)
        if answer is None:
            return False
        self.ledger.note_signed(email, answer.path, monotonic() - began)
        return True

    # --- confirming --------------------------------------------------------------------------

    def _confirm_many(self) -> None:
        while not self.over.is_set():
            try:
                email, link = self.sink.links.get(timeout=0.2)
            except Empty:
                continue
            self.confirm(email, link)

    def confirm(self, email: str, link: str) -> None:
        """Presses the button until told "counted", or "already" where an answer was lost.

        Whoever is told something else is not in the ledger, and missing there at the end.
        """
        answer = self._until(
            lambda: self.site.post(link, {"act": "confirm"}, Origin="null"), {303, 200}, "press"
        )
        if answer is not None and (answer.status == 303 or _ALREADY in answer.text):
            self.ledger.note_counted(email)

    # --- sending again -----------------------------------------------------------------------

    def _until(
        self, ask: Callable[[], Answer], wanted: set[int], what: str, *, typed: str = ""
    ) -> Answer | None:
        while not self.over.is_set():
            try:
                answer = ask()
            except (OSError, HTTPException):
                self.ledger.note("broken")
            else:
                self.ledger.note(answer.status)
                if answer.status in wanted:
                    return answer
                self._judge(answer, what, typed)
            self.over.wait(_AGAIN)
        return None

    def _judge(self, answer: Answer, what: str, typed: str) -> None:
        """An error must say when to come back and keep what was typed."""
        if answer.status != 503:
            self.ledger.complain(f"{what} answered {answer.status}")
        elif not (answer.headers["Retry-After"] or "").isdecimal():
            self.ledger.complain(f"{what} answered 503 without Retry-After")
        elif typed and typed not in answer.text:
            self.ledger.complain(f"{what} answered 503 without what was typed")
