"""What no browser sends, on raw sockets to the real gunicorn: refused, reflected nowhere, kept
nowhere; and nobody else waits for it."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from threading import Thread
from urllib.parse import urlencode

import pytest

from tests.processes.conftest import StartSite
from tests.processes.sites import PETITION, SIGN, Site, filled_in
from tests.processes.waiting import until

#: What a request brings along, to be found in no answer.
MARK = "evil-mark"
_URLENCODED = "application/x-www-form-urlencoded"
_PAGE = f"/en/petitions/{PETITION}/"
#: More than gunicorn has threads.
_SILENT = 20


@dataclass(frozen=True)
class Raw:
    """The first answer on a connection, and how many came in all."""

    status: int
    head: str
    body: str
    answers: int


@pytest.fixture(scope="module")
def site(start_site: StartSite) -> Site:
    return start_site(PETITIONS_EVENT_NETWORKS="")


@pytest.fixture(autouse=True)
def still_well(site: Site) -> Iterator[None]:
    """After each: nothing was stored, no error of ours was answered, the site lives."""
    before = stored(site)
    yield
    assert site.get(_PAGE).status == 200
    assert stored(site) == before
    assert "Traceback" not in site.log.read_text()


def stored(site: Site) -> list[tuple[int, ...]]:
    return site.sql(
        "SELECT count(*) FROM petitions_signature UNION ALL SELECT count(*) FROM petitions_delivery"
    )


def send(site: Site, *parts: str | bytes) -> Raw:
    """Sends bytes as they are and reads until the server closes, or has no more to say."""
    content = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(content)
        # Half closed: the server knows that nothing more will come.
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        received = b""
        with suppress(ConnectionResetError):
            while data := connection.recv(65536):
                received += data
    return read(received)


def read(received: bytes) -> Raw:
    head, _gap, body = received.decode(errors="replace").partition("\r\n\r\n")
    found = re.match(r"HTTP/1\.[01] (\d{3})", head)
    answers = len(re.findall(rb"HTTP/1\.[01] \d{3} ", received))
    return Raw(int(found[1]) if found else 0, head, body, answers)


def request(*headers: str, line: str = f"GET {_PAGE} HTTP/1.1", host: str = "localhost") -> str:
    fields = ([f"Host: {host}"] if host else []) + [*headers, "Connection: close"]
    return "\r\n".join([line, *fields, "", ""])


def assert_not_understood(raw: Raw) -> None:
    """400 in three languages, by us, and nothing of the request in it."""
    assert raw.status == 400
    assert re.findall(r'<section id="\w+" lang="([\w-]+)">', raw.body) == ["km", "en-CA", "fr-CA"]
    assert "frame-ancestors 'none'" in raw.head
    assert MARK not in raw.head + raw.body


# --- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        f"{MARK}.example",
        f"localhost.{MARK}.example",
        f"{MARK}.example:80",
        f"localhost@{MARK}.example",
        f"localhost, {MARK}.example",
        f"localhost/{MARK}",
        f'"{MARK}"',
    ],
)
def test_another_hosts_name_is_refused(site: Site, host: str) -> None:
    assert_not_understood(send(site, request(host=host)))


@pytest.mark.parametrize("path", ["/", "/readyz", "/accounts/login/", SIGN])
def test_it_is_refused_at_every_page_of_ours(site: Site, path: str) -> None:
    line = f"GET {path} HTTP/1.1"
    assert_not_understood(send(site, request(line=line, host=f"{MARK}.example")))


def test_a_name_in_the_request_line_counts_for_nothing(site: Site) -> None:
    """The name of the site comes from its settings, so no page can be made to link elsewhere."""
    raw = send(site, request(line=f"GET http://{MARK}.example{_PAGE} HTTP/1.1"))
    assert raw.status in {200, 400, 404}
    assert MARK not in raw.head + raw.body


def test_two_host_names_are_refused(site: Site) -> None:
    raw = send(site, request(f"Host: {MARK}.example"))
    assert raw.status == 400
    assert MARK not in raw.head + raw.body


@pytest.mark.parametrize(
    "header",
    [
        f"X-Forwarded-Host: {MARK}.example",
        f"Forwarded: host={MARK}.example;proto=https",
        f"X-Original-URL: /{MARK}",
        f"X-Rewrite-URL: /{MARK}",
        f"X-Host: {MARK}.example",
        f"X-Forwarded-Prefix: /{MARK}",
        f"X-Forwarded-Port: 1{MARK}",
        f"X-HTTP-Host-Override: {MARK}.example",
        "X-Forwarded-Proto: https",
    ],
)
def test_what_a_visitor_says_of_a_proxy_is_not_repeated(site: Site, header: str) -> None:
    raw = send(site, request(header))
    assert raw.status == 200
    assert MARK not in raw.head + raw.body


@pytest.mark.parametrize("header", ["Script-Name", "Script_Name", "SCRIPT_NAME", "Path_Info"])
def test_a_header_cannot_move_the_site(site: Site, header: str) -> None:
    raw = send(site, request(f"{header}: /{MARK}"))
    assert raw.status == 200
    assert MARK not in raw.head + raw.body


def test_a_forged_address_does_not_beat_the_limits(site: Site) -> None:
    """Ten an hour are too many for one network, whatever addresses it claims."""
    path = "/en/my-signature/"
    answers = [
        site.post(path, {"email": "somebody"}, **{"X-Forwarded-For": f"203.0.{turn}.7"}).status
        for turn in range(12)
    ]
    assert answers[-1] == 429


# --- where one request ends and the next begins ------------------------------------------------


_HIDDEN = f"GET /{MARK} HTTP/1.1\r\nHost: localhost\r\n\r\n"


def post(*headers: str, body: str = "") -> str:
    return request(*headers, line="POST /en/my-signature/ HTTP/1.1") + body


@pytest.mark.parametrize(
    "content",
    [
        post("Content-Length: 6", "Transfer-Encoding: chunked", body=f"0\r\n\r\n{_HIDDEN}"),
        post("Transfer-Encoding: chunked", "Content-Length: 6", body=f"0\r\n\r\n{_HIDDEN}"),
        post("Content-Length: 3", "Content-Length: 30", body=f"a=b{_HIDDEN}"),
        post("Content-Length: 3, 30", body=f"a=b{_HIDDEN}"),
        post("Content-Length: +3", body=f"a=b{_HIDDEN}"),
        post("Content-Length: -1", body=_HIDDEN),
        post("Content-Length: 0x3", body=f"a=b{_HIDDEN}"),
        post("Transfer-Encoding: xchunked", body=f"0\r\n\r\n{_HIDDEN}"),
        post("Transfer-Encoding: chunked, identity", body=f"0\r\n\r\n{_HIDDEN}"),
        post("Transfer-Encoding: identity, chunked, chunked", body=f"0\r\n\r\n{_HIDDEN}"),
        post("Transfer-Encoding : chunked", body=f"0\r\n\r\n{_HIDDEN}"),
        post("Transfer-Encoding:\x0bchunked", body=f"0\r\n\r\n{_HIDDEN}"),
        post("Transfer-Encoding:\r\n chunked", body=f"0\r\n\r\n{_HIDDEN}"),
        post("X-Folded: one\r\n two", "Content-Length: 0", body=_HIDDEN),
        post("Transfer-Encoding: chunked", body=f"-1\r\na=b\r\n0\r\n\r\n{_HIDDEN}"),
        post("Transfer-Encoding: chunked", body=f"0x3\r\na=b\r\n0\r\n\r\n{_HIDDEN}"),
        post("Transfer-Encoding: chunked", body=f"zz\r\na=b\r\n0\r\n\r\n{_HIDDEN}"),
        post("Content_Length: 30", "Content-Length: 0", body=_HIDDEN),
        post("Content-Length: 0\nX-Bare: line feed", body=_HIDDEN),
        post("Bad Name: x", body=_HIDDEN),
        request(line=f"GET {_PAGE}\x00 HTTP/1.1") + _HIDDEN,
        request(line=f"GET {_PAGE} HTTP/9.9") + _HIDDEN,
        request(line=f"G\tET {_PAGE} HTTP/1.1") + _HIDDEN,
    ],
)
def test_a_request_within_a_request_is_never_answered(site: Site, content: str) -> None:
    """Either the whole is refused, or there is one answer and the connection ends."""
    raw = send(site, content)
    assert raw.status in {0, 200, 302, 400, 403, 404, 405, 411, 422, 429, 501, 505}
    assert raw.answers <= 1
    assert MARK not in raw.head + raw.body


@pytest.mark.parametrize(
    "content",
    [
        post("Content-Length: 6", "Transfer-Encoding: chunked", body=f"0\r\n\r\n{_HIDDEN}"),
        post("Content-Length: 3", "Content-Length: 30", body=f"a=b{_HIDDEN}"),
        post("Transfer-Encoding: xchunked", body=f"0\r\n\r\n{_HIDDEN}"),
        post("X-Folded: one\r\n two", "Content-Length: 0", body=_HIDDEN),
    ],
)
def test_what_two_servers_could_read_differently_is_refused(site: Site, content: str) -> None:
    assert send(site, content).status in {400, 501}


def test_garbage_behind_a_request_is_not_answered_as_one(site: Site) -> None:
    """On a connection that is kept open."""
    page = f"GET {_PAGE} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    raw = send(site, page, bytes(range(256)) * 4, page)
    assert (raw.status, raw.answers) in {(200, 1), (200, 2)}


@pytest.mark.parametrize("content", [b"\x16\x03\x01\x02\x00\x01\x00", b"\r\n" * 50, b"\x00" * 4096])
def test_what_is_not_http_is_refused(site: Site, content: bytes) -> None:
    assert send(site, content).status in {0, 400}


# --- too much ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        request(line=f"GET /{'a' * 10_000} HTTP/1.1"),
        request(f"X-Long: {'a' * 70_000}"),
        request(*[f"X-{number}: a" for number in range(500)]),
        request(f"Cookie: {'a' * 70_000}"),
    ],
)
def test_a_head_that_is_too_long_is_refused(site: Site, content: str) -> None:
    assert send(site, content).status in {400, 414, 431}


def test_a_body_that_is_too_long_is_refused_and_not_stored(site: Site) -> None:
    form = filled_in(site.get(SIGN).field("form_token"), email="long@example.org")
    assert site.post(SIGN, form | {"name": "a" * 3_000_000}).status in {400, 413}


def test_too_many_fields_are_refused_and_not_stored(site: Site) -> None:
    form = filled_in(site.get(SIGN).field("form_token"), email="many@example.org")
    assert site.post(SIGN, form | {f"field-{each}": "" for each in range(500)}).status in {400, 413}


def test_a_body_that_is_announced_and_never_comes_is_not_stored(site: Site) -> None:
    form = urlencode(filled_in(site.get(SIGN).field("form_token"), email="half@example.org"))
    head = request(
        f"Content-Type: {_URLENCODED}",
        f"Content-Length: {len(form) + 1000}",
        line=f"POST {SIGN} HTTP/1.1",
    )
    # All fields have come, and who knows how much more of the last one: stored whole, or not.
    assert send(site, head, form).status == 400


def test_those_who_connect_and_say_nothing_keep_nobody_waiting(site: Site) -> None:
    """More of them than gunicorn has threads: it takes its threads back from the silent.

    Who says half a request keeps a thread: nginx in front waits for the whole
    (docs/faults.md).
    """
    with ExitStack() as silent:
        for _each in range(_SILENT):
            silent.enter_context(socket.create_connection(("127.0.0.1", site.port)))
        answers: list[int] = []
        asking = Thread(target=lambda: answers.append(_patient_get(site)), daemon=True)
        asking.start()
        until(lambda: answers, "somebody else is answered", within=60)
    assert answers == [200]


def _patient_get(site: Site) -> int:
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as connection:
        connection.sendall(request().encode())
        return read(connection.recv(65536)).status


# --- methods, bytes ------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [f"TRACE {_PAGE} HTTP/1.1", f"CONNECT {MARK}:443 HTTP/1.1"])
def test_methods_that_are_not_for_pages_are_refused(site: Site, line: str) -> None:
    raw = send(site, request(f"X-Secret: {MARK}", line=line))
    assert raw.status in {400, 404, 405}
    assert MARK not in raw.head + raw.body


@pytest.mark.parametrize(
    "header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method", "_method"]
)
def test_a_look_cannot_be_made_a_press(site: Site, header: str) -> None:
    token = site.get(SIGN).field("form_token")
    form = filled_in(token, email="override@example.org", _method="POST")
    answer = site.get(f"{SIGN}?{urlencode(form)}", **{header: "POST"})
    assert answer.status == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/%00", "/en/petitions/%00/", "/c/%00", "/m/%ff%fe", "/u/%c3%28", "/mailbox/%00/"),
        *("/en/petitions/%ed%a0%80/", "/en/%2e%2e/%2e%2e/etc/passwd", "/static/%2e%2e/keys.json"),
        *("/static/../db.sqlite3", "/..%2fvar/keys.json", "//evil.example/", "/en/petitions//"),
        "/petitions/%00/count.json?lang=%00%ff",
        f"/petitions/{PETITION}/count.json?lang=%ff%00".replace("/petitions/", "/nothing/"),
    ],
)
def test_strange_addresses_are_not_found(site: Site, path: str) -> None:
    assert send(site, request(line=f"GET {path} HTTP/1.1")).status in {301, 302, 400, 404}


@pytest.mark.parametrize(
    "query", ["s=%00", "s=%ff%fe", "s[]=1", "language=%00", "%00=%00", "s=\xff"]
)
def test_strange_questions_change_nothing(site: Site, query: str) -> None:
    content = request(line=f"GET {_PAGE}?{query} HTTP/1.1").encode("latin-1")
    assert send(site, content).status in {200, 400}


@pytest.mark.parametrize(
    "strange", [b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf", b"\r\nBcc:a"]
)
@pytest.mark.parametrize("field", ["name", "email", "postal_code", "form_token", "source"])
def test_strange_bytes_in_a_form_are_an_error_of_the_form(
    site: Site, field: str, strange: bytes
) -> None:
    form = filled_in(site.get(SIGN).field("form_token"), email="bytes@example.org", source="")
    if field == "source":
        form["name"] = ""  # a flawed source alone keeps nobody from signing
    body = urlencode({name: value.encode() for name, value in form.items()} | {field: strange})
    answer = site.ask("POST", SIGN, body=body, headers={"Content-Type": _URLENCODED})
    assert answer.status in {400, 422}


@pytest.mark.parametrize(
    "kind",
    ["application/json", "multipart/form-data", "multipart/form-data; boundary=", "text/xml", ""],
)
def test_other_kinds_of_bodies_are_an_error_of_the_form(site: Site, kind: str) -> None:
    answer = site.ask("POST", SIGN, body='{"state": "confirmed"}', headers={"Content-Type": kind})
    assert answer.status in {400, 422}
