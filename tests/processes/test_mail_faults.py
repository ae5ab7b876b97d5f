"""Mail server and worker fail; what was acknowledged is sent, and counted once."""

import os
import signal

from tests.processes.conftest import StartSite
from tests.processes.mailboxes import MailServer
from tests.processes.sites import Site, free_port
from tests.processes.waiting import until


def deliveries(site: Site) -> list[tuple[str, int]]:
    """State and attempts of all mails, oldest first."""
    return site.sql("SELECT state, attempts FROM petitions_delivery ORDER BY id")


def confirmed(site: Site) -> int:
    query = "SELECT count(*) FROM petitions_signature WHERE state = 'confirmed'"
    return int(site.sql(query)[0][0])


def make_due(site: Site) -> None:
    """As if the waits after a failure were over."""
    site.sql("UPDATE petitions_delivery SET due_at = created_at WHERE state = 'queued'")


def test_with_the_mail_server_away_signing_goes_on(start_site: StartSite) -> None:
    port = free_port()
    site = start_site(EMAIL_URL=f"smtp://127.0.0.1:{port}")
    addresses = [f"patient-{number}@example.org" for number in range(3)]
    assert [site.sign(address).status for address in addresses] == [303, 303, 303]
    until(lambda: deliveries(site)[0][1] > 0, "a first attempt fails")
    until(lambda: {state for state, _tries in deliveries(site)} == {"queued"}, "all wait again")

    server = MailServer(port).start()
    try:
        make_due(site)
        mails = [server.await_mail(address) for address in addresses]
        until(lambda: {state for state, _tries in deliveries(site)} == {"sent"}, "all are marked")
    finally:
        server.stop()
    assert [len(server.mails(address)) for address in addresses] == [1, 1, 1]
    before = confirmed(site)
    assert [site.post(mail.link, {}).status for mail in mails] == [303, 303, 303]
    assert confirmed(site) == before + 3


def test_a_mail_of_a_killed_worker_is_sent_by_another(
    start_site: StartSite, mail_server: MailServer
) -> None:
    site = start_site(EMAIL_URL=mail_server.url)
    mail_server.may_answer.clear()
    site.sign("twice@example.org")
    first = mail_server.await_mail("twice@example.org")
    for pid in site.pids("celery"):
        os.kill(pid, signal.SIGKILL)
    assert site.process is not None
    assert site.process.wait(15) == 1
    assert site.pids() == []
    mail_server.may_answer.set()
    assert [state for state, _tries in deliveries(site)] == ["sending"]

    site.start()
    # While the lease runs the row is nobody else's: a later mail overtakes it.
    site.sign("later@example.org")
    mail_server.await_mail("later@example.org")
    assert len(mail_server.mails("twice@example.org")) == 1

    site.sql("UPDATE petitions_delivery SET lease_until = created_at WHERE state = 'sending'")
    until(lambda: len(mail_server.mails("twice@example.org")) == 2, "another worker sends it")
    until(lambda: {state for state, _tries in deliveries(site)} == {"sent"}, "it is marked")
    second = mail_server.mails("twice@example.org")[1]
    assert (second.id, second.link) == (first.id, first.link)

    before = confirmed(site)
    assert site.post(first.link, {}).status == 303
    assert site.post(second.link, {}).status == 200
    assert confirmed(site) == before + 1
