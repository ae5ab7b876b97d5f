"""Starts the whole site: database up to date, static files, then web and worker together."""

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from honcho.manager import Manager

from campaign.demo.loading import credentials_path

_PYTHON = Path(sys.executable)
#: Threads of one web process; the processes are WEB_CONCURRENCY.
_THREADS = 8


class Command(BaseCommand):
    help = "Brings the database up to date and runs web and worker until interrupted."
    requires_system_checks = ["__all__"]

    def handle(self, *args: Any, **options: Any) -> None:
        self._port_must_be_free()
        try:
            call_command("migrate", verbosity=0)
        except DatabaseError as error:
            raise CommandError(
                "The database of DATABASE_URL does not answer or refuses us: "
                f"{str(error).strip().splitlines()[0]}"
            ) from error
        call_command("collectstatic", verbosity=0, interactive=False)
        if settings.DEMO:
            call_command("loaddemo", verbosity=0, stdout=self.stderr)
        for line in self._welcome():
            self.stdout.write(line)
        self.stdout.flush()
        sys.exit(_run())

    def _port_must_be_free(self) -> None:
        family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.BIND, settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Port {settings.PORT} on {settings.BIND} cannot be used: {error.strerror}. "
                    "Stop what runs there, or choose another with PORT=8001."
                ) from error

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


def _run() -> int:
    """Web and worker until one of them ends or a signal comes; then neither is left."""
    bind = f"[{settings.BIND}]" if ":" in settings.BIND else settings.BIND
    web = (
        f"exec {_PYTHON} -m gunicorn campaign.wsgi --worker-class gthread"
        f" --workers {settings.WEB_CONCURRENCY} --threads {_THREADS}"
        f" --bind {bind}:{settings.PORT} --graceful-timeout 10"
        " --log-level warning --no-control-socket"
    )
    worker = (
        f"exec {_PYTHON} -m celery --app campaign worker --beat --concurrency 2"
        " --loglevel WARNING --without-gossip --without-mingle --without-heartbeat"
    )
    manager = Manager()
    manager.add_process("web", web)
    manager.add_process("worker", worker)
    manager.loop()
    return int(manager.returncode or 0)
