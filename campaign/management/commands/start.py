"""Starts the whole site: database up to date, static files, then web and worker together."""

import contextlib
import json
import os
import shlex
import signal
import socket
import sys
from collections.abc import Iterator
from threading import Timer
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error as AnyDatabaseError
from honcho.compat import ProcessManager
from honcho.manager import SIGNALS, Manager

from campaign.demo.loading import credentials_path
from campaign.environment import BASE_DIR
from petitions import peppers
from petitions.models import Petition


class Command(BaseCommand):
    help = "Brings the database up to date and runs web and worker until interrupted."
    #: Run in `handle`, so that what they find is told like any other reason not to start.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        _stop_when_asked()
        _settings_must_pass()
        _port_must_be_free()
        try:
            call_command("migrate", verbosity=0)
        except AnyDatabaseError as error:
            raise ImproperlyConfigured(
                f"the database does not answer or refuses us ({_first_line(error)}). "
                "Start it, or mend DATABASE_URL."
            ) from error
        _peppers_must_be_there()
        call_command("collectstatic", verbosity=0, interactive=False)
        if settings.DEMO:
            call_command("loaddemo", verbosity=0, stdout=self.stderr)
        for line in self._welcome():
            self.stdout.write(line)
        self.stdout.flush()
        sys.exit(_run())

    def _welcome(self) -> Iterator[str]:
        base = settings.PUBLIC_BASE_URL
        yield ""
        yield f"  The petition site   {base}/  ({base}/km/ {base}/en/ {base}/fr/)"
        if settings.MAILBOX_SHOWN:
            yield f"  Its mail arrives at {base}/mailbox/"
        if settings.DEMO:
            credentials = json.loads(credentials_path().read_text())
            for user in credentials["users"]:
                yield f"  {user['role']:<19} {user['email']}  password {user['password']}"
            yield f"  Back office         {base}/admin/"
            yield f"  Vault passphrase    {credentials['vault_passphrase']}"
        yield "  Stop with Ctrl-C."
        yield ""


def _stop_when_asked() -> None:
    """Until web and worker run a signal ends the start; a closed terminal does the same as one."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as it is under nohup
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def _settings_must_pass() -> None:
    """The system checks, of which the first error is told."""
    for message in checks.run_checks():
        if message.is_serious():
            raise ImproperlyConfigured(f"{message.msg} {message.hint or ''}".strip())


def _port_must_be_free() -> None:
    family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.BIND, settings.PORT))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ImproperlyConfigured(
                f"nothing can listen on BIND={settings.BIND} PORT={settings.PORT} ({reason}). "
                "Stop what runs there, or choose another with PORT=8001."
            ) from error


def _peppers_must_be_there() -> None:
    """Nobody could sign a petition whose pepper is gone."""
    try:
        for name in Petition.objects.order_by().values_list("pepper_name", flat=True).distinct():
            peppers.named(name)
    except peppers.UnknownPepperError as error:
        raise ImproperlyConfigured(str(error)) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


class _Signals(ProcessManager):  # type: ignore[misc] # honcho has no types
    """Asks only the first process of each group to stop: it lets its own finish their work."""

    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


class _Processes(Manager):  # type: ignore[misc] # as above
    """Honcho's manager, for which a signal in its first instant is one too early."""

    def __init__(self) -> None:
        super().__init__()
        self._procmgr = _Signals()

    def terminate(self) -> None:
        if self._all_started():
            super().terminate()
        else:
            Timer(0.1, self.terminate).start()


def _run() -> int:
    """Web and worker until one of them ends or a signal comes; then neither is left."""
    python = shlex.quote(sys.executable)
    # Who presses Ctrl-C waits for it: shorter than the file says.
    web = f"exec {python} -m gunicorn --config deploy/gunicorn.conf.py --graceful-timeout 10"
    # Processes that read a queue of files share one lock, and one killed while it waits keeps it;
    # with Redis each has a pipe of its own.
    pool = "prefork" if settings.REDIS_URL else "threads"
    worker = (
        f"exec {python} -m celery --quiet --app campaign worker --beat --pool {pool}"
        " --concurrency 2 --loglevel WARNING --without-gossip --without-mingle --without-heartbeat"
    )
    processes = _Processes()
    processes.add_process("web", web, cwd=BASE_DIR)
    processes.add_process("worker", worker, cwd=BASE_DIR)
    processes.loop()
    asked = processes.returncode in {each["rc"] for each in SIGNALS.values()}
    # Nobody asked: one of the two ended by itself, which is a fault whatever it says.
    return 0 if asked else 1
