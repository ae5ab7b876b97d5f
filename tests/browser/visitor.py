"""One person with a browser, who finds things by the words that stand on the page."""

import re

from django.core import mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from petitions import formats
from petitions.domain.delivering import drain
from petitions.models import Petition


class Visitor:
    """`page` is Playwright's; words are given as message ids and looked for in `language`."""

    def __init__(self, page: Page, site: str, language: str) -> None:
        self.page = page
        self.site = site
        self.language = language

    def words(self, message: str, **values: str) -> str:
        with translation.override(self.language):
            text = gettext(message)
        return text % values if values else text

    # --- moving about ------------------------------------------------------------------------

    def opens(self, name: str, *arguments: str) -> None:
        """Types the address of a page of ours."""
        with translation.override(self.language):
            self.page.goto(self.site + reverse(name, args=arguments))

    def follows(self, message: str) -> None:
        self.page.get_by_role("link", name=self.words(message), exact=True).first.click()

    def presses(self, message: str) -> None:
        self.button(message).click()

    def button(self, message: str) -> Locator:
        return self.page.get_by_role("button", name=self.words(message), exact=True)

    def is_at(self, heading: str, **values: str) -> None:
        """The page's only main heading says this."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(
            self.words(heading, **values), use_inner_text=True
        )

    def reads(self, message: str, **values: str) -> None:
        """These words stand on the page, where everybody sees them."""
        expect(self.page.get_by_text(self.words(message, **values)).first).to_be_visible()

    # --- the form ----------------------------------------------------------------------------

    def opens_form(self, petition: Petition) -> None:
        self.opens("petitions:sign", petition.slug)

    def fills_form(self, *, name: str = "Sok Dara", email: str) -> None:
        """Every field of the form, by its label, as somebody in British Columbia would."""
        self.chooses("I live in Canada")
        self.field("Full name").fill(name)
        self.field("E-mail address").fill(email)
        self.chooses("In Canada")
        with translation.override(self.language):
            province = formats.province("BC")
        self.field("Province or territory").select_option(province)
        self.field("Postal code").fill("v3b1a1")
        self.chooses("I have read the petition. I sign once, in my own name.")

    def field(self, label: str, *, optional: bool = False) -> Locator:
        text = self.words(label) + (f" {self.words('(optional)')}" if optional else "")
        return self.page.get_by_label(text, exact=True)

    def chooses(self, label: str, *, optional: bool = False) -> None:
        self.field(label, optional=optional).check()

    def signs(self, petition: Petition, *, name: str = "Sok Dara", email: str) -> None:
        """From the empty form to the page that says to open the mail."""
        self.opens_form(petition)
        self.fills_form(name=name, email=email)
        self.presses("Sign the petition")
        self.is_at("One more step: open your e-mail")

    # --- the mail ----------------------------------------------------------------------------

    def opens_mail(self, kind: str = "c") -> str:
        """The worker runs; the newest mail's link (`/c/`, `/m/`) is returned."""
        drain()
        (link,) = re.findall(rf"{re.escape(self.site)}/{kind}/[\w-]+", str(mail.outbox[-1].body))
        return str(link)

    def code(self) -> str:
        """The six digits in the newest mail."""
        drain()
        (code,) = re.findall(r"\b\d{6}\b", str(mail.outbox[-1].body))
        return str(code)
