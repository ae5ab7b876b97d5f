"""Somebody with a phone and a mailbox: reads pages, presses buttons, keeps no cookie."""

import re
from email.message import EmailMessage as ParsedMessage

from django.core import mail
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext

from petitions.models import Petition
from petitions.tasks import send_mail
from tests.pages import browser, heading, main_text, read, typed

_HEADERS = {"origin": "http://testserver", "sec_fetch_site": "same-origin"}


class Person:
    def __init__(self, language: str, email: str, name: str = "Sok Dara") -> None:
        self.language = language
        self.email = email
        self.name = name
        self.page = HttpResponse("<main></main>")
        self.address = ""

    # --- pages -------------------------------------------------------------------------------

    def opens(self, address: str) -> None:
        self.address = address.removeprefix("http://testserver")
        self.page = browser(**_HEADERS).get(self.address)

    def sends(self, data: dict[str, str], *, mailed: bool = False) -> None:
        """A post as a browser makes it; what follows a 303 is opened."""
        headers = {"origin": "null"} if mailed else _HEADERS
        self.page = browser(**headers).post(self.address, data)
        if self.page.status_code == 303:
            self.opens(self.page["Location"])

    def follows(self, address_part: str) -> None:
        """The first link of the page whose address contains the part."""
        links = [each.attributes["href"] for each in read(self.page).one("main").all("a")]
        self.opens(next(link for link in links if address_part in link))

    def presses(self, act: str, **data: str) -> None:
        """A button that stands on the page, by its value."""
        buttons = read(self.page).one("main").all("button", value=act)
        assert buttons, f"no button {act!r} on {heading(self.page)!r}"
        mailed = self.address[:3] in {"/c/", "/m/", "/u/"}
        self.sends({"act": act, **data}, mailed=mailed)

    def reads(self, message: str) -> bool:
        """Whether these words stand on the page, in this person's language."""
        return self.words(message) in main_text(self.page)

    def is_at(self, message: str) -> bool:
        return heading(self.page) == self.words(message)

    def words(self, message: str) -> str:
        with translation.override(self.language):
            return gettext(message)

    # --- signing -----------------------------------------------------------------------------

    def signs(self, petition: Petition) -> None:
        """From the petition's page to the page after the form."""
        self.opens(f"/{self.language}/petitions/{petition.slug}/?s=fb")
        self.follows("/sign/")
        self.fills_form()
        assert self.is_at("One more step: open your e-mail")

    def fills_form(self) -> None:
        """Fills the form that is on the screen, and sends it."""
        answers = {
            "eligibility": "citizen",
            "name": self.name,
            "email": self.email,
            "province": "BC",
            "postal_code": "v3b 1a1",
            "declaration": "on",
        }
        self.sends({**typed(self.page), **answers})

    def asks_for_my_signature(self) -> None:
        self.opens(f"/{self.language}/my-signature/")
        self.sends({**typed(self.page, "my-signature-form"), "email": self.email})

    # --- the mailbox -------------------------------------------------------------------------

    def mails(self) -> list[ParsedMessage]:
        """All that has come, newest last, after the worker's round."""
        send_mail()
        sent = [message for message in mail.outbox if message.to == [self.email]]
        return [message.message() for message in sent]

    def text(self) -> str:
        """The plain text of the newest mail."""
        part = next(
            part for part in self.mails()[-1].walk() if part.get_content_type() == "text/plain"
        )
        return part.get_payload(decode=True).decode()

    def link(self, kind: str) -> str:
        """The link of that kind ("c", "m") in the newest mail."""
        (found,) = re.findall(rf"http://testserver/{kind}/\S+", self.text())
        return found

    def code(self) -> str:
        (found,) = re.findall(r"\b\d{6}\b", self.text())
        return found
