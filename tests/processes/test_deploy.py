"""The files of `deploy/` as they are shipped: nginx before the site, gunicorn, the units."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import closing
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from threading import Thread

import pytest
from django.template.loader import render_to_string

from campaign import errors
from tests.processes import canaries
from tests.processes.mailboxes import MailServer
from tests.processes.nginx import SHIPPED, SiteBehindNginx
from tests.processes.sites import PETITION, SIGN, filled_in, free_port, variables
from tests.processes.waiting import until
from tests.project.catalogues import ROOT

PAGE = f"/en/petitions/{PETITION}/"
COUNT = f"/petitions/{PETITION}/count.json"
UNITS = sorted((ROOT / "deploy" / "systemd").glob("petition-*.service"))
SMALL = 64 * 1024


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def site(
    loaded_folder: Path, tmp_path_factory: pytest.TempPathFactory, mail: MailServer
) -> Iterator[SiteBehindNginx]:
    folder = tmp_path_factory.mktemp("behind") / "var"
    shutil.copytree(loaded_folder, folder)
    site = SiteBehindNginx(
        folder,
        {
            "PUBLIC_BASE_URL": "https://localhost",
            "PROXY_COUNT": "1",
            "PETITIONS_EVENT_NETWORKS": "",
            "PROOF_PER_MINUTE": "0",  # the tests do no sums
            "EMAIL_URL": mail.url,
        },
    )
    try:
        yield site.start()
    finally:
        site.kill()


pytestmark = pytest.mark.xdist_group("nginx")


def kept(site: SiteBehindNginx, route: str) -> set[str]:
    """What the cache did for requests of that kind."""
    return {line[6] for line in site.log_lines() if line[2] == route}


# --- through nginx ----------------------------------------------------------------------------


def test_a_person_signs_and_confirms_and_nothing_about_them_is_written(
    site: SiteBehindNginx, mail: MailServer
) -> None:
    name, email = "Zkvorbelinx Qadrumthe", "xilvo@qvz-canary.example.org"
    before = site.total()
    check_email = site.sign(email, name=name)
    assert (check_email.status, check_email.headers["Set-Cookie"]) == (303, None)
    assert site.get(check_email.path).status == 200
    link = mail.await_mail(email).link
    assert site.get(link).status == 200
    pressed = site.post(link, {"act": "confirm"}, Origin="null")
    assert (pressed.status, site.get(pressed.path).status) == (303, 200)
    until(lambda: site.total() == before + 1, "the counter moves")

    # Whatever nginx refuses by itself is not reported with its text either.
    assert site.get(f"/c/{email}?name={name.split(maxsplit=1)[0]}").status == 404
    assert site.post(link, {"name": name * 5000}).status == 413
    assert site.get(f"/{'x' * 9000}?{email}").status == 414
    assert site.get("/", **{"X-Name": name * 900}).status == 400
    assert site.get("/", **{"User-Agent": email, "Referer": f"https://x/{email}"}).status == 200

    wanted = {"sign", "check-email", "confirm", "thanks", "count"}
    until(lambda: wanted <= {line[2] for line in site.log_lines()}, "the log has each page")
    for route in wanted - {"count"}:
        assert kept(site, route) == {"-"}
    secrets = [name, "qvz-canary", link.split("/")[2], check_email.path.split("/")[5]]
    assert canaries.hits(secrets, canaries.files(site.nginx_folder)) == []
    logs = canaries.files(site.nginx_folder / "logs")
    assert canaries.hits(["127.0.0.1", PETITION], logs) == []


@pytest.mark.parametrize(
    ("path", "route"),
    [(PAGE, "petition"), (COUNT, "count"), ("/petitions.json", "data"), ("/km/", "home")],
)
def test_a_public_page_is_asked_for_once_by_many(
    site: SiteBehindNginx, path: str, route: str
) -> None:
    def is_kept() -> bool:
        assert [site.get(path).status for _ in range(3)] == [200, 200, 200]
        return "HIT" in kept(site, route)

    until(is_kept, "an answer comes from nginx")


def test_a_public_page_is_kept_plain_and_compressed_apart(site: SiteBehindNginx) -> None:
    for _turn in range(2):
        assert site.get(PAGE).headers["Content-Encoding"] is None
        assert site.get(PAGE, **{"Accept-Encoding": "br, gzip"}).headers["Content-Encoding"] == (
            "gzip"
        )


def test_who_has_a_session_talks_to_the_application(site: SiteBehindNginx) -> None:
    path = "/fr/petitions/"
    for cookie in ("__Host-session=abc", "language=fr; __Host-csrf=abc"):
        assert site.get(path, Cookie=cookie).status == 200
    until(lambda: kept(site, "petitions"), "the log has it")
    assert kept(site, "petitions") == {"BYPASS"}


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/en/my-signature/", "/en/contact/"),
        *("/accounts/login/", "/desk/", "/admin/login/", SIGN),
    ],
)
def test_a_personal_page_is_never_kept(site: SiteBehindNginx, path: str) -> None:
    for _turn in range(3):
        site.get(path)
    personal = ("choose-language", "my-signature", "contact", "sign")
    routes = (*personal, "accounts", "desk", "admin")
    assert {line[6] for line in site.log_lines() if line[2] in routes} == {"-"}


@pytest.mark.parametrize("path", ["/accounts/login/", "/en/contact/", SIGN])
def test_a_page_with_a_secret_is_not_compressed(site: SiteBehindNginx, path: str) -> None:
    page = site.get(path, **{"Accept-Encoding": "gzip"})
    assert (page.status, page.headers["Content-Encoding"]) == (200, None)


def test_static_files_come_from_the_folder_for_a_year(site: SiteBehindNginx) -> None:
    found = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', site.get("/en/").text)
    assert found
    file = site.get(found[1], **{"Accept-Encoding": "gzip"})
    assert file.status == 200
    assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (file.headers["Content-Encoding"], file.headers["Content-Type"]) == ("gzip", "text/css")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert site.get("/static/../db.sqlite3").status in {400, 404}
    assert site.get("/static/..%2fdb.sqlite3").status in {400, 404}


def test_a_form_of_a_signer_is_small_and_that_of_the_desk_larger(site: SiteBehindNginx) -> None:
    body = {"name": "x" * SMALL}
    refused = site.post(SIGN, body)
    assert refused.status == 413
    assert refused.text == (SHIPPED / "pages" / "400.html").read_text("utf-8")
    assert site.post("/desk/", body).status in {302, 400, 403}
    assert site.post("/desk/", {"name": "x" * 4 * SMALL}).status == 413
    # Where the government's response comes in as a file; not a byte more elsewhere.
    file = {"file_en": "x" * 4 * SMALL}
    assert site.post(f"/desk/petitions/{PETITION}/response/", file).status in {302, 400, 403}
    assert site.post(f"/desk/petitions/{PETITION}/presentation/", file).status == 413
    # And a copy of an official text.
    assert site.post("/desk/resolutions/1/documents/en/", file).status in {302, 400, 403}
    assert site.post("/desk/resolutions/1/documents/en/remove/", file).status == 413


def test_what_a_visitor_says_about_their_address_is_thrown_away(site: SiteBehindNginx) -> None:
    form = {"email": "nobody@example.org"}
    answers = [
        site.post("/en/my-signature/", form, **{"X-Forwarded-For": f"203.0.{number}.7"}).status
        for number in range(11)
    ]
    assert answers == [200] * 10 + [429]


def test_another_host_gets_no_answer(site: SiteBehindNginx) -> None:
    with pytest.raises(RemoteDisconnected):
        site.get("/en/", Host="elsewhere.example.org")
    with pytest.raises(RemoteDisconnected):
        site.ask_plainly("/en/", Host="elsewhere.example.org")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", site.secure_port), timeout=10) as wire,
        pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"),
    ):
        context.wrap_socket(wire, server_hostname="elsewhere.example.org")


def test_an_open_line_leads_to_the_secure_one(site: SiteBehindNginx) -> None:
    answer = site.ask_plainly("/en/?s=poster")
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/en/?s=poster")


def test_a_reload_loses_nobody_who_signs(site: SiteBehindNginx) -> None:
    token = site.get(SIGN).field("form_token")
    statuses: list[int] = []

    def sign_on_and_on() -> None:
        for number in range(20):
            data = filled_in(token, email=f"reload-{number}@example.org")
            statuses.append(site.post(SIGN, data).status)

    master = min(site.pids("gunicorn"))
    former = set(site.pids("gunicorn")) - {master}
    signing = Thread(target=sign_on_and_on)
    signing.start()
    until(lambda: len(statuses) > 2, "signing has begun")
    os.kill(master, signal.SIGHUP)
    signing.join(60)
    assert statuses == [303] * 20
    until(lambda: not former & set(site.pids("gunicorn")), "new processes are there")


@pytest.fixture(scope="module")
def nginx_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteBehindNginx]:
    """With no application behind it."""
    site = SiteBehindNginx(tmp_path_factory.mktemp("alone") / "var")
    site.start_nginx()
    yield site
    site.kill()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", [SIGN, PAGE])
def test_while_the_application_is_away_nginx_says_so(
    nginx_alone: SiteBehindNginx, method: str, path: str
) -> None:
    answer = nginx_alone.ask(method, path, headers={})
    assert answer.status == 503
    assert answer.text == (SHIPPED / "pages" / "503.html").read_text("utf-8")
    assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("30", "no-store")
    assert errors._style_hash() in answer.headers["Content-Security-Policy"]


# --- the files themselves ---------------------------------------------------------------------


@pytest.mark.parametrize("status", ["400", "429", "503"])
def test_nginx_says_what_the_application_would(status: str) -> None:
    """Else render the template anew into the file, and put its style's hash into the headers."""
    copy = (SHIPPED / "pages" / f"{status}.html").read_text("utf-8")
    assert copy == render_to_string(f"errors/{status}.html")


class GunicornAlone:
    """Gunicorn by its shipped file, on a socket that somebody else opened, as systemd does."""

    _RUN = (
        "import os, sys; os.dup2(int(sys.argv[1]), 3);"
        "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1');"
        "os.execv(sys.executable, [sys.executable, '-m', 'gunicorn', '--config', sys.argv[2]])"
    )

    def __init__(self, folder: Path) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self.socket.getsockname()[1]
        # The port of the settings is another one: the open socket goes before it.
        self.env = variables(folder, free_port(), WEB_CONCURRENCY="1")

    def start(self) -> subprocess.Popen[bytes]:
        number = str(self.socket.fileno())
        return subprocess.Popen(
            [sys.executable, "-c", self._RUN, number, "deploy/gunicorn.conf.py"],
            cwd=ROOT,
            env=self.env,
            pass_fds=[self.socket.fileno()],
        )


def test_who_comes_during_a_restart_is_answered_after_it(loaded_folder: Path) -> None:
    gunicorn = GunicornAlone(loaded_folder)
    process = gunicorn.start()
    try:
        with closing(HTTPConnection("127.0.0.1", gunicorn.port, timeout=60)) as connection:
            connection.request("GET", "/healthz")
            assert connection.getresponse().read() == b'{"status": "up"}'
        process.terminate()
        assert process.wait(40) == 0
        with closing(HTTPConnection("127.0.0.1", gunicorn.port, timeout=60)) as connection:
            connection.request("GET", "/healthz")
            process = gunicorn.start()
            assert connection.getresponse().status == 200
    finally:
        process.terminate()
        process.wait(40)
        gunicorn.socket.close()


def unit(path: Path) -> dict[str, str]:
    """Its [Service] part; of lines that repeat, the last."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(path.read_text("utf-8"))
    return dict(parser["Service"])


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_service_runs_as_nobody_special_in_a_closed_system(path: Path) -> None:
    service = unit(path)
    assert service["User"] == "petition"
    own, *elsewhere = service["ReadWritePaths"].split()
    assert own == "/var/lib/petition"
    # Only backups lie outside, where the operator may have mounted another disk.
    assert all(each.startswith("-/srv/backups/") for each in elsewhere)
    assert not elsewhere or path.stem == "petition-backup"
    closed = {
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "UMask": "0077",
        "LimitCORE": "0",
    }
    assert {name: service[name] for name in closed} == closed
    assert {"MemoryMax", "TasksMax"} <= set(service)


def test_systemd_waits_longer_than_gunicorn() -> None:
    settings = (ROOT / "deploy" / "gunicorn.conf.py").read_text("utf-8")
    graceful = re.search(r"^graceful_timeout = (\d+)$", settings, re.MULTILINE)
    assert graceful
    service = unit(ROOT / "deploy" / "systemd" / "petition-web.service")
    assert int(service["TimeoutStopSec"]) > int(graceful[1])
