"""No plain text of a signer lies anywhere: database, queue, logs, folder, Redis, dump.

Somebody signs with a name, addresses and a postal code that stand nowhere else, on every way
that the site has, errors and faults included; then every byte is searched.
"""

import re
import socket
import subprocess
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import redis

from tests.processes import canaries
from tests.processes.conftest import StartSite
from tests.processes.mailboxes import MailServer, await_kept, kept_mails
from tests.processes.proxies import Proxy
from tests.processes.sites import PETITION, SIGN, Answer, Site, filled_in, manage, variables
from tests.processes.waiting import until
from tests.services import redis_url
from tests.skips import need

NAME = "Zkvorbelinx Qadrumthe"
KHMER_NAME = "ឈ្មោះសាកល្បងកាណារី"
POSTAL_CODE = "V5Z 8J9"
ADDRESS, CHANGED, REFUSED, DELAYED = (
    f"{word}@qvz-canary.example.org" for word in ("xilvo.first", "brumka", "dwelft", "yostin")
)
PERSON = [NAME, KHMER_NAME, POSTAL_CODE, POSTAL_CODE.replace(" ", ""), "qvz-canary"]


@dataclass
class Walk:
    """All the ways of signing on one site; `secrets` are the tokens and handles met on them."""

    site: Site
    secrets: list[str] = field(default_factory=list)

    def sign(self, email: str, **changes: str) -> str:
        data = {"name": NAME, "postal_code": POSTAL_CODE, **changes}
        answer = self.site.sign(email, **data)
        assert answer.status == 303
        self.secrets.append(answer.path.split("/")[5])
        return answer.path

    def check_page(self, page: str) -> None:
        """The page after the form: wrong code, again at once, another address."""
        assert self.site.get(page).status == 200
        assert self.site.post(page, {"act": "code", "code": "000000"}).status in {303, 422}
        assert self.site.post(page, {"act": "code", "code": ADDRESS}).status == 422
        assert self.site.post(page, {"act": "resend"}).status in {303, 429}
        changed = self.site.post(page, {"act": "change", "email": CHANGED})
        assert changed.status == 303
        self.secrets.append(changed.path.split("/")[5])

    def bad_requests(self) -> None:
        """Everything that is refused, with the person in it."""
        site = self.site
        token = site.get(SIGN).field("form_token")
        form = filled_in(token, name=NAME, email=ADDRESS, postal_code=POSTAL_CODE)
        statuses = [
            site.post(SIGN, {**form, "province": "QC"}),  # 422: another province's postal code
            site.post(SIGN, {**form, "form_token": "forged"}),  # 422
            site.post(SIGN, {**form, "eligibility": "neither"}),
            site.post(SIGN, form, **{"Sec-Fetch-Site": "cross-site"}),  # 403
            site.post(SIGN, form, Host="elsewhere.example.org"),  # 400
            site.post(SIGN, {**form, "name": NAME * 20_000}),  # 400: too long a body
            site.ask("PUT", SIGN, body=NAME, headers={}),  # 405
            site.get(f"/en/petitions/{PETITION}/check-email/{ADDRESS}/"),
            site.get(f"/en/nothing/{canaries.quote(NAME)}/?email={ADDRESS}"),
            site.get(f"/c/{ADDRESS}"),
        ]
        assert [answer.status for answer in statuses] == [
            422, 422, 200, 403, 400, 400, 405, 404, 404, 404,
        ]  # fmt: skip
        self.say(f"GET /c/{ADDRESS} {NAME} HTTP/1.1\r\n\r\n")
        self.say(f"POST {SIGN} HTTP/1.1\r\nHost: localhost\r\nname {NAME}: {ADDRESS}\r\n\r\n")
        self.say(f"POST {SIGN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{NAME}")

    def say(self, text: str) -> None:
        """Something that is not quite HTTP."""
        with socket.create_connection(("127.0.0.1", self.site.port), timeout=10) as wire:
            wire.sendall(text.encode())
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(4096):
                pass

    def press(self, link: str) -> Answer:
        self.secrets.append(link.split("/")[2])
        assert self.site.get(link).status == 200
        return self.site.post(link, {"act": "confirm"}, Origin="null")

    def my_signature(self) -> None:
        assert self.site.post("/en/my-signature/", {"email": ADDRESS}).status == 200
        assert self.site.post("/en/my-signature/", {"email": f"{ADDRESS} {NAME}"}).status == 422


def manage_links(site: Site, address: str) -> list[str]:
    return [mail.link for mail in kept_mails(site, address) if "/m/" in mail.text]


def total_of(site: Site, state: str) -> int:
    query = f"SELECT count(*) FROM petitions_signature WHERE state = '{state}'"
    return int(site.sql(query)[0][0])


def assert_nowhere(walk: Walk, places: dict[str, bytes]) -> None:
    assert min(len(secret) for secret in walk.secrets) > 40
    assert canaries.hits([*PERSON, *walk.secrets], places) == []


def test_the_search_finds_each_form() -> None:
    texts = [form.decode("latin-1") for form in canaries.forms(KHMER_NAME)]
    assert len(texts) > 30
    for before in (b"", b"x", b"xy", b"xyz"):
        raw = before + KHMER_NAME.encode() + b"end"
        for written in (raw, raw.hex().encode(), canaries.b64encode(raw)):
            assert canaries.hits([KHMER_NAME], {"place": b"..." + written}) == [
                f"{KHMER_NAME!r} in place"
            ]
    assert canaries.hits([KHMER_NAME], {"place": KHMER_NAME[1:].encode()}) == []


def test_nothing_of_a_signer_lies_in_files_and_logs(start_site: StartSite) -> None:
    site = start_site(WEB_CONCURRENCY="2")
    walk = Walk(site)
    confirmed, pending = total_of(site, "confirmed"), total_of(site, "pending")
    walk.sign(ADDRESS, updates="on")
    assert walk.press(await_kept(site, ADDRESS).link).status == 303
    walk.check_page(walk.sign("xilvo.second@qvz-canary.example.org", name=KHMER_NAME))
    await_kept(site, CHANGED)
    walk.sign(ADDRESS)
    walk.bad_requests()
    walk.my_signature()
    manage = until(lambda: manage_links(site, ADDRESS), "the link to my signature")[0]
    walk.secrets.append(manage.split("/")[2])
    assert walk.site.get(manage).status == 200
    assert total_of(site, "confirmed") == confirmed + 1
    assert total_of(site, "pending") == pending + 2

    places = {"output": site.log.read_bytes(), **canaries.files(site.folder)}
    assert {"db.sqlite3", "db.sqlite3-wal", "keys.json", "output"} <= set(places)
    assert_nowhere(walk, places)
    assert site.stop() == 0
    assert_nowhere(walk, {"output": site.log.read_bytes(), **canaries.files(site.folder)})


def dump(url: str) -> bytes:
    return subprocess.run([need("pg_dump"), url], check=True, capture_output=True).stdout


def redis_content(url: str) -> bytes:
    """Every key and value as they were put in; Redis' own file would hold them compressed."""
    with redis.Redis.from_url(url) as client:
        return b"\n".join(part for key in client.scan_iter() for part in [key, *held(client, key)])


def held(client: redis.Redis, key: bytes) -> list[bytes]:
    match client.type(key):
        case b"string":
            return [client.get(key) or b""]
        case b"list":
            return client.lrange(key, 0, -1)
        case b"set":
            return list(client.smembers(key))
        case b"hash":
            return [part for pair in client.hgetall(key).items() for part in pair]
        case b"zset":
            return client.zrange(key, 0, -1)
    pytest.fail("Redis holds something that is not searched")


@pytest.mark.postgresql
@pytest.mark.redis
@pytest.mark.xdist_group("redis")
def test_nothing_of_a_signer_lies_in_dump_and_redis(
    start_site: StartSite, postgres_database: str, mail_server: MailServer
) -> None:
    server = urlsplit(postgres_database)
    wire = Proxy(server.hostname or "127.0.0.1", server.port or 5432)
    near = server._replace(netloc=f"{server.netloc.rpartition(':')[0]}:{wire.port}").geturl()
    store = redis_url() or ""
    with redis.Redis.from_url(store) as client:
        client.flushdb()
    site = start_site(DATABASE_URL=near, REDIS_URL=store, EMAIL_URL=mail_server.url)
    walk = Walk(site)
    walk.sign(ADDRESS, updates="on")
    assert walk.press(mail_server.await_mail(ADDRESS).link).status == 303
    mail_server.answer = "550 5.1.1 <{to}> is unknown here"
    walk.sign(REFUSED)
    until(lambda: site.sql(_STATE.format("bounced")), "the refusal is recorded")
    mail_server.answer = "451 4.7.1 <{to}> shall try again later"
    walk.check_page(walk.sign(DELAYED, name=KHMER_NAME))
    until(lambda: site.sql(_STATE.format("queued") + " AND attempts > 0"), "it waits again")
    walk.bad_requests()
    walk.my_signature()
    token = site.get(SIGN).field("form_token")
    wire.cut()
    data = filled_in(token, name=NAME, email=ADDRESS, postal_code=POSTAL_CODE)
    assert site.post(SIGN, data).status == 503
    wire.mend()

    places = {
        "output": site.log.read_bytes(),
        "dump": dump(postgres_database),
        "Redis": redis_content(store),
        **canaries.files(site.folder),
    }
    assert b"petitions_signature" in places["dump"]
    assert places["Redis"]
    assert_nowhere(walk, places)


_STATE = "SELECT 1 FROM petitions_delivery WHERE state = '{}'"


#: A petitioner's text goes to five people, the first of whom is looked for.
_ASK_FIVE = f"""
from campaign.accounts.models import User
from petitions.domain import drafting, editing, supporting
from petitions.domain.drafting import Draft
from petitions.domain.supporting import Invitee
person = User.objects.create_user("asks@example.org", "a long password", role="petitioner")
petition = drafting.begin(title="Clean rivers", language="en", by=person)
draft = Draft(title="Clean rivers", summary="", whereas=["Rivers are dirty"],
    requests=["Clean the rivers"], keywords="", addressee_kind="house", addressee="", duration=90)
based_on = editing.texts_of(petition).digest()
petition = drafting.save(petition, draft, based_on=based_on, by=person)
others = [Invitee(f"Person {{each}}", f"{{each}}@example.org", "en") for each in "abcd"]
supporting.invite(petition, [Invitee({NAME!r}, {ADDRESS!r}, "en"), *others], by=person)
"""


def test_nothing_of_a_supporter_lies_in_files_and_logs(start_site: StartSite) -> None:
    """They stand under the mail key, not in the vault; so does the mail that asks them."""
    site = start_site()
    walk = Walk(site)
    asked = manage(
        "shell", "--verbosity=0", "--command", _ASK_FIVE, env=variables(site.folder, site.port)
    )
    assert asked.returncode == 0, asked.stderr
    mail = await_kept(site, ADDRESS)
    (link,) = re.findall(r"/support/\S+", mail.text)
    walk.secrets.append(link.split("/")[2])
    assert NAME not in site.get(link).text
    declared = {"eligibility": "citizen", "residence": "canada", "province": "BC"}
    agreed = {"declaration": "on", "terms": "on", "act": "support"}
    assert site.post(link, {"act": "support", "note": NAME}, Origin="null").status == 422
    first = "SELECT count(*) FROM petitions_supporter WHERE place = 1"
    before = site.sql(first)[0][0]
    assert site.post(link, declared | agreed, Origin="null").status == 200
    assert site.sql(first)[0][0] == before + 1

    logged = {"command": (asked.stdout + asked.stderr).encode()}
    places = {"output": site.log.read_bytes(), **logged, **canaries.files(site.folder)}
    assert_nowhere(walk, places)
