"""Whether mail leaves, and whether mail servers will believe that it is ours.

Big providers refuse mail of a domain that does not say who may send in its name: SPF (which
servers), DKIM (by which key), DMARC (what to do with the rest). All three stand in DNS.
"""

from collections.abc import Iterator
from email.utils import parseaddr

import dns.exception
import dns.resolver
from django.conf import settings

from campaign.doctor.findings import Finding, fail, ok, warn

_WAIT = 5.0


class OfflineError(Exception):
    """No name server answers."""


def leaves() -> Iterator[Finding]:
    if settings.EMAIL_URL:
        yield ok("mail", f"leaves through {settings.EMAIL_HOST}")
    elif settings.DEMO:
        yield ok("mail", "is kept, as in every demonstration without EMAIL_URL")
    else:
        yield fail(
            "mail",
            "EMAIL_URL is not set: mails are kept here, and nobody can confirm a signature",
            remedy="Set EMAIL_URL to your mail server's address.",
        )


def is_believed() -> Iterator[Finding]:
    """The three records of the sender's domain; nothing to ask while no mail leaves."""
    if not settings.EMAIL_URL:
        return
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    try:
        yield spf(domain)
        yield dkim(domain)
        yield dmarc(domain)
    except OfflineError:
        yield warn(
            "mail records",
            f"no name server answers, so SPF, DKIM and DMARC of {domain} were not looked at",
            remedy="Run the doctor again where names can be resolved.",
        )


def spf(domain: str) -> Finding:
    found = [text for text in texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return fail(
            "SPF",
            f"{domain} does not say which servers send its mail",
            remedy=f'TXT record of {domain}: "v=spf1 include:<your mail provider> -all"',
        )
    if len(found) > 1:
        return fail("SPF", f"{domain} has two records", remedy="Join them into one.")
    if found[0].lower().split()[-1] in {"+all", "all", "?all"}:
        return fail("SPF", f"{domain} lets every server send", remedy="End it with -all or ~all.")
    return ok("SPF", f"{domain} says which servers send its mail")


def dkim(domain: str) -> Finding:
    if not settings.DKIM_SELECTOR:
        return warn(
            "DKIM",
            "DKIM_SELECTOR is not set, so the key was not looked for",
            remedy="Set DKIM_SELECTOR to the selector that your mail provider names.",
        )
    name = f"{settings.DKIM_SELECTOR}._domainkey.{domain}"
    if not any(_tags(text).get("p") for text in texts(name)):
        return fail("DKIM", f"no key at {name}", remedy="Publish the key that your provider names.")
    return ok("DKIM", f"a key stands at {name}")


def dmarc(domain: str) -> Finding:
    """Of the domain itself, else of the one that it belongs to."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[start:])
        policies = [tags["p"] for text in texts(name) if "p" in (tags := _tags(text))]
        if policies:
            return ok("DMARC", f"{name} says {policies[0]}")
    return fail(
        "DMARC",
        f"{domain} does not say what to do with forged mail",
        remedy=f'TXT record of _dmarc.{domain}: "v=DMARC1; p=quarantine"',
    )


def texts(name: str) -> list[str]:
    """The TXT records of a name; none if there is no such name."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=_WAIT)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise OfflineError from error
    return [b"".join(record.strings).decode(errors="replace") for record in answer]


def _tags(text: str) -> dict[str, str]:
    """`v=DMARC1; p=none` as a dictionary."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs}
