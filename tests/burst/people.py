"""The people of a burst, sent by locust: `.venv-load/bin/python -m tests.burst.people PLAN`.

Arrivals do not wait for answers: everybody comes at a time fixed beforehand, however long others
have been waiting. Each has a connection and, on this machine's loopback network, an address of
their own, as a nation's visitors have. What comes by mail is told on stdin, a line each: address
and link. Stdout says "signed" once nobody is left who signs; the end of stdin sends all home.
"""

# ruff: noqa: E402 - first of all, gevent changes what the others use
from gevent import monkey

monkey.patch_all()

import json
import random
import re
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from time import process_time, time
from urllib.parse import urlencode, urlsplit

import gevent
from gevent.fileobject import FileObject
from gevent.pool import Group
from locust import User, constant, task
from locust.env import Environment

from tests.burst.plan import Plan

#: Longer than any proxy waits, so that it is the site that says no.
_PATIENCE = 90.0
#: How long people fill in the form, in seconds.
_TYPING = (3.0, 8.0)
#: The last try of a button is so many tries after the first.
_PRESSES = 20
_EVERY = 30.0
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
#: One network for all who sit in the hall; 127.0.0.x is left to the machine itself.
_HALL = "127.255.255.7"


class Crowd:
    """Everybody, and the ledger that they write."""

    def __init__(self, plan: Plan, environment: Environment) -> None:
        self.plan, self.environment = plan, environment
        self.ledger = Path(plan.ledger).open("a", buffering=1)  # noqa: SIM115 - open to the end
        self.signing, self.pressing = Group(), Group()
        self.latest = 0.0
        self.tls = ssl.create_default_context()
        self.tls.check_hostname = False
        self.tls.verify_mode = ssl.CERT_NONE

    def write(self, what: str, **facts: object) -> None:
        self.ledger.write(json.dumps({"what": what, "at": time(), **facts}) + "\n")

    def come(self) -> None:
        """One person after another, at the times of a Poisson process."""
        plan, began = self.plan, time()
        times = sorted(random.uniform(0, plan.seconds) for _person in range(plan.people))
        for number, moment in enumerate(times):
            gevent.sleep(max(0.0, began + moment - time()))
            self.latest = max(self.latest, time() - began - moment)
            self.signing.spawn(Person(self, number).sign)

    def read_mail(self) -> None:
        """Each link as it arrives is somebody's button."""
        with FileObject(sys.stdin, "r") as mailbox:
            for number, line in enumerate(mailbox):
                email, link = line.split()
                self.write("mailed", email=email)
                self.pressing.spawn(Person(self, number).press, email, link)


class Person:
    """Somebody with a browser: follows redirects, and gives up on signing when told to wait."""

    def __init__(self, crowd: Crowd, number: int) -> None:
        self.crowd, self.plan, self.number = crowd, crowd.plan, number
        sits_in_the_hall = random.random() < self.plan.hall
        self.address = _HALL if sits_in_the_hall else _anywhere()

    def sign(self) -> None:
        email = f"{self.plan.name}-{self.number}@example.org"
        page = self.plan.sign[self.number % len(self.plan.sign)]
        with self._browser() as ask:
            form = ask("form", "GET", page)
            token = _TOKEN.search(form.text)
            if form.status != 200 or token is None:
                return
            gevent.sleep(random.uniform(*_TYPING))
            typed = {**self.plan.form, **self._who(), "email": email, "form_token": token[1]}
            done = ask("sign", "POST", page, typed, email=email)
            if done.status == 303:
                ask("check", "GET", done.leads_to)

    def _who(self) -> dict[str, str]:
        """A name and a postal code like those of few others, so that no burst is seen in them."""
        letters = "ABCEGHJKLM"
        a, b, c, d = (int(digit) for digit in f"{self.number % 10_000:04}")
        name = f"Sok {letters[a]}{letters[b].lower()}{letters[c].lower()}{letters[d].lower()}"
        return {"name": name, "postal_code": f"V{a}{letters[b]} {c}{letters[d]}1"}

    def press(self, email: str, link: str) -> None:
        """The mailed button, until it is done: whoever is told to wait presses again later."""
        for turn in range(_PRESSES):
            with self._browser() as ask:
                if ask("mailed link", "GET", link).status == 200:
                    done = ask("confirm", "POST", link, {"act": "confirm"}, email=email, turn=turn)
                    if done.status == 303:
                        ask("thanks", "GET", done.leads_to)
                        return
                    if done.status == 200 and turn:
                        return  # an answer was lost, and what it said is done
            gevent.sleep(random.uniform(1, _EVERY))

    # --- the browser -------------------------------------------------------------------------

    @contextmanager
    def _browser(self) -> Iterator[Callable[..., "Told"]]:
        """A connection of this person's own; what is asked through it is written down."""
        with closing(self._connect()) as connection:

            def ask(
                what: str,
                method: str,
                path: str,
                form: dict[str, str] | None = None,
                **facts: object,
            ) -> Told:
                began = time()
                told = _ask(connection, method, path, form)
                seconds = time() - began
                self._write(what, method, told, seconds, facts)
                return told

            yield ask

    def _connect(self) -> HTTPConnection:
        plan, here = self.plan, (self.address, 0)
        if not plan.is_secure:
            return HTTPConnection(plan.host, plan.port, _PATIENCE, here)
        return HTTPSConnection(
            plan.host, plan.port, timeout=_PATIENCE, source_address=here, context=self.crowd.tls
        )

    def _write(
        self, what: str, method: str, told: "Told", seconds: float, facts: dict[str, object]
    ) -> None:
        self.crowd.write(
            what, status=told.status, seconds=seconds, page=told.leads_to, wait=told.wait, **facts
        )
        self.crowd.environment.events.request.fire(
            request_type=method,
            name=what,
            response_time=seconds * 1000,
            response_length=len(told.text),
            exception=None if told.status in (200, 303) else RuntimeError(told.status),
            context={},
        )


class Told:
    """What the site answered: status 0 and a reason where it did not."""

    def __init__(self, response: HTTPResponse | None, text: str) -> None:
        self.status = response.status if response else 0
        self.leads_to = _path(response.headers["Location"]) if response else ""
        self.wait = response.headers["Retry-After"] if response else text
        self.text = text if response else ""


def _ask(connection: HTTPConnection, method: str, path: str, form: dict[str, str] | None) -> Told:
    headers = {"Accept-Encoding": "identity", **({} if form is None else _FORM | _origin(path))}
    try:
        connection.request(method, path, form and urlencode(form), headers)
        response = connection.getresponse()
        return Told(response, response.read().decode())
    except (OSError, HTTPException) as error:
        connection.close()
        return Told(None, type(error).__name__)


def _origin(path: str) -> dict[str, str]:
    """As browsers write it on a page that sends no referrer."""
    return {"Origin": "null"} if path.startswith("/c/") else {}


def _path(location: str | None) -> str:
    if not location:
        return ""
    parts = urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _anywhere() -> str:
    """An address among 65,000 networks."""
    return f"127.{random.randint(1, 254)}.{random.randint(0, 255)}.{random.randint(1, 254)}"


# --- locust ------------------------------------------------------------------------------------


class Everybody(User):
    """One user of locust's, whose task is the whole crowd: its own users wait for their answers."""

    wait_time = constant(0)

    @task
    def all_of_it(self) -> None:
        crowd: Crowd = self.environment.crowd
        mail = gevent.spawn(crowd.read_mail)
        crowd.come()
        crowd.signing.join()
        print("signed", flush=True)
        mail.join()
        crowd.pressing.join()
        crowd.write("over", late=crowd.latest, processor=process_time())
        self.environment.runner.quit()


def _tell(environment: Environment) -> None:
    """How it goes, now and then."""
    while True:
        gevent.sleep(_EVERY)
        sign, confirm = (environment.stats.get(name, "POST") for name in ("sign", "confirm"))
        p95 = sign.get_current_response_time_percentile(0.95) or 0
        print(
            f"  signs {sign.num_requests:,} ({sign.current_rps:.0f} a second), confirms"
            f" {confirm.num_requests:,} ({confirm.current_rps:.0f} a second), 95 of 100 submits"
            f" within {p95:,.0f} ms, refused {environment.stats.total.num_failures:,}",
            file=sys.stderr,
            flush=True,
        )


def main() -> None:
    environment = Environment(user_classes=[Everybody])
    environment.crowd = Crowd(Plan.load(Path(sys.argv[1])), environment)
    runner = environment.create_local_runner()
    runner.start(1, spawn_rate=1)
    gevent.spawn(_tell, environment)
    runner.greenlet.join()


if __name__ == "__main__":
    main()
