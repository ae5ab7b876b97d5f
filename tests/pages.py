"""Reading an answered page as its visitor would: headings, fields, errors, buttons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client

_VOID = {"br", "hr", "img", "input", "link", "meta", "rect", "path"}


def browser(**headers: str) -> Client:
    """A browser with an empty cookie jar, for which Django's own CSRF check is in force."""
    return Client(enforce_csrf_checks=True, headers=headers or None)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag: str, **attributes: str) -> list["Element"]:
        """Every such element inside; `class_` asks for one of the classes."""
        wanted_class = attributes.pop("class_", "")
        return [
            element
            for element in self.walk()
            if element.tag == tag
            and (not wanted_class or wanted_class in element.attributes.get("class", "").split())
            and all(element.attributes.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str, **attributes: str) -> "Element":
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        """The words that are seen, spaces folded but not the ones that must not break."""
        return re.sub(r"[ \n]+", " ", self._raw()).strip(" ")

    def _raw(self) -> str:
        return "".join(
            child._raw() if isinstance(child, Element) else child
            for child in self.children
            if not (isinstance(child, Element) and child.attributes.get("class") == "unseen")
        )


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("document")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in [element.tag for element in self.open]:
            return
        while self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(response: HttpResponse) -> Element:
    builder = _Builder()
    builder.feed(response.content.decode())
    return builder.root


def heading(response: HttpResponse) -> str:
    return read(response).one("h1").text


def main_text(response: HttpResponse) -> str:
    """The words of the page without its frame."""
    return read(response).one("main").text


def summary(response: HttpResponse) -> list[tuple[str, str]]:
    """The box of errors: each text with the id that it links to, "" for errors of the whole."""
    return [
        (item.text, next((link.attributes["href"][1:] for link in item.all("a")), ""))
        for box in read(response).all("div", class_="summary-of-errors")
        for item in box.all("li")
    ]


def field_errors(response: HttpResponse) -> dict[str, list[str]]:
    """The texts that stand at each field, without the word for screen readers."""
    found: dict[str, list[str]] = {}
    for span in read(response).all("span", class_="why"):
        name = span.attributes["id"].removeprefix("id_").removesuffix("_error")
        found.setdefault(name, []).append(span.text)
    return found


def typed(response: HttpResponse, form_id: str = "sign-form") -> dict[str, str]:
    """What a browser would post if the form were sent as it stands."""
    form = read(response).one("form", id=form_id)
    values: dict[str, str] = {}
    for control in form.all("input"):
        kind = control.attributes.get("type", "text")
        if kind in {"radio", "checkbox"} and "checked" not in control.attributes:
            continue
        default = "on" if kind == "checkbox" else ""
        values[control.attributes["name"]] = control.attributes.get("value", default)
    for select in form.all("select"):
        options = select.all("option")
        chosen = [option for option in options if "selected" in option.attributes] or options[:1]
        values[select.attributes["name"]] = chosen[0].attributes["value"]
    return values


def buttons(response: HttpResponse) -> list[str]:
    """The acts that the page's main part offers, by the value of each button."""
    return [
        button.attributes["value"]
        for button in read(response).one("main").all("button")
        if "value" in button.attributes
    ]
