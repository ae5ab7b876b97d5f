"""Signing by plain HTTP, without cookies and scripts, and confirming from the mail."""

from typing import Any

from tests.processes.mailboxes import await_kept
from tests.processes.sites import SIGN, Site, filled_in
from tests.processes.waiting import until


def newest_signature(site: Site) -> list[tuple[Any, ...]]:
    return site.sql("SELECT * FROM petitions_signature ORDER BY id DESC LIMIT 1")


def counted(site: Site) -> int:
    query = "SELECT count(*) FROM petitions_signature WHERE counted_at IS NOT NULL"
    return int(site.sql(query)[0][0])


def test_signing_and_confirming_adds_exactly_one(site: Site) -> None:
    before = site.total()
    rows = counted(site)

    form = site.get(SIGN)
    assert (form.status, form.headers["Set-Cookie"]) == (200, None)
    data = filled_in(form.field("form_token"), email="dara@example.org")
    answer = site.post(SIGN, data)
    assert (answer.status, answer.headers["Set-Cookie"]) == (303, None)
    assert site.get(answer.path).status == 200
    assert site.post(SIGN, data).status == 303

    link = await_kept(site, "dara@example.org").link
    assert counted(site) == rows
    pressed = site.post(link, {"act": "confirm"}, Origin="null")
    assert (pressed.status, pressed.headers["Set-Cookie"]) == (303, None)
    until(lambda: site.total() == before + 1, "the counter moves")
    assert site.get(pressed.path).status == 200

    again = site.post(link, {"act": "confirm"}, Origin="null")
    assert again.status == 200
    assert counted(site) == rows + 1
    assert site.total() == before + 1


def test_scanners_of_a_mailbox_change_nothing(site: Site) -> None:
    site.sign("scanned@example.org")
    link = await_kept(site, "scanned@example.org").link
    before = newest_signature(site)
    for _turn in range(20):
        page, head = site.get(link), site.ask("HEAD", link, headers={})
        assert (page.status, head.status, head.body) == (200, 200, b"")
        assert page.headers["Set-Cookie"] is None
    assert newest_signature(site) == before


def test_the_code_in_the_mail_confirms_too(site: Site) -> None:
    rows = counted(site)
    page = site.sign("typed@example.org").path
    code = await_kept(site, "typed@example.org").code
    assert site.post(page, {"act": "code", "code": code}).status == 303
    assert counted(site) == rows + 1
