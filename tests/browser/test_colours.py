"""Light or dark, as chosen at the foot of a page: kept by the browser, seen from the start."""

import pytest
from playwright.sync_api import Page, expect

from petitions.models import Petition
from tests.browser.accessibility import faults
from tests.browser.conftest import Visit
from tests.browser.pages import PAGES, Stage
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_OTHER = {"light": "dark", "dark": "light"}
#: Runs in the page: what can be seen of the choice.
_SEEN = """
() => ({
  ground: getComputedStyle(document.body).backgroundColor,
  ink: getComputedStyle(document.body).color,
  scheme: getComputedStyle(document.documentElement).colorScheme.replace("light dark",
    matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"),
  frame: [...document.querySelectorAll("meta[name=theme-color]")]
    .filter((meta) => matchMedia(meta.media).matches).map((meta) => meta.content),
})
"""
#: Runs before the page: notes what is chosen when the body begins, before anything is painted.
_NOTE_THE_FIRST = """
new MutationObserver((_changes, observer) => {
  if (!document.body) return;
  window.first = document.documentElement.dataset.colours || "";
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""
#: As in browsers inside other apps that keep nothing.
_NOTHING_IS_KEPT = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("refused"); } });
"""


def chooses(visitor: Visitor, colours: str) -> None:
    visitor.page.locator(f".colours input[value='{colours}']").check()


def seen(page: Page) -> dict[str, object]:
    found: dict[str, object] = page.evaluate(_SEEN)
    return found


@pytest.mark.parametrize("device", ["light", "dark"])
def test_a_choice_looks_as_a_device_of_that_kind(
    visit: Visit, petition: Petition, device: str
) -> None:
    dara, sok = visit("en", scheme=device), visit("en", scheme=_OTHER[device])
    for visitor in (dara, sok):
        visitor.opens("petitions:list")
    before = seen(dara.page)
    assert before != seen(sok.page)

    chooses(dara, _OTHER[device])
    assert seen(dara.page) == seen(sok.page)

    chooses(dara, "")
    assert seen(dara.page) == before
    dara.page.reload()
    assert seen(dara.page) == before


def test_a_choice_is_there_on_the_next_page_before_anything_is_painted(
    visit: Visit, petition: Petition
) -> None:
    dara = visit("km", scheme="light")
    dara.page.add_init_script(_NOTE_THE_FIRST)
    dara.opens("petitions:list")
    assert dara.page.evaluate("first") == ""
    chooses(dara, "dark")

    dara.opens("petitions:sign", petition.slug)

    assert dara.page.evaluate("first") == "dark"
    expect(dara.page.locator(".colours input[value=dark]")).to_be_checked()
    assert dara.page.context.cookies() == []


def test_another_tab_follows(visit: Visit, petition: Petition) -> None:
    dara = visit("en", scheme="light")
    dara.opens("petitions:list")
    other = Visitor(dara.page.context.new_page(), dara.site, "en")
    other.opens("home")
    chooses(dara, "dark")
    expect(other.page.locator("html")).to_have_attribute("data-colours", "dark")
    expect(other.page.locator(".colours input[value=dark]")).to_be_checked()


def test_the_keyboard_chooses(visit: Visit, petition: Petition) -> None:
    dara = visit("fr", scheme="light")
    dara.opens("petitions:list")
    group = dara.page.get_by_role("group", name=dara.words("Colours"))
    expect(group.get_by_role("radio")).to_have_count(3)
    dara.page.locator(".colours input:checked").focus()
    dara.page.keyboard.press("ArrowUp")
    expect(dara.page.locator("html")).to_have_attribute("data-colours", "dark")
    dara.page.keyboard.press("ArrowDown")
    expect(dara.page.locator("html:not([data-colours])")).to_have_count(1)


def test_where_nothing_is_kept_the_page_still_follows(visit: Visit, petition: Petition) -> None:
    """A script that fails on the way fails the test (`visit`)."""
    dara = visit("en", scheme="light")
    complaints: list[str] = []
    dara.page.on("console", lambda message: complaints.append(message.text))
    dara.page.add_init_script(_NOTHING_IS_KEPT)
    dara.opens("petitions:list")
    chooses(dara, "dark")
    expect(dara.page.locator("html")).to_have_attribute("data-colours", "dark")
    dara.opens("home")
    expect(dara.page.locator(".colours input[value='']")).to_be_checked()
    assert complaints == []


def test_without_a_script_nothing_is_offered(visit: Visit, petition: Petition) -> None:
    dara = visit("en", javascript=False, scheme="dark")
    dara.opens("petitions:list")
    expect(dara.page.locator(".colours")).to_be_hidden()


def test_paper_is_light_and_offers_no_choice(visit: Visit, petition: Petition) -> None:
    for scheme, choice in (("dark", ""), ("light", "dark")):
        dara = visit("en", scheme=scheme)
        dara.opens("petitions:share", petition.slug)
        chooses(dara, choice)
        dara.page.emulate_media(media="print", color_scheme=scheme)
        on_paper = seen(dara.page)
        assert (on_paper["ground"], on_paper["ink"]) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
        # A colour that the print sheet does not name.
        edge = dara.page.locator(".button").first
        assert (
            edge.evaluate("it => getComputedStyle(it).getPropertyValue('--brand-tint')").strip(" ")
            == "#e4eef0"
        )
        expect(dara.page.locator(".colours")).to_be_hidden()


def test_a_code_for_cameras_stays_black_on_white(visit: Visit, petition: Petition) -> None:
    dara = visit("en", scheme="light")
    dara.opens("petitions:share", petition.slug)
    chooses(dara, "dark")
    code = dara.page.locator("svg.qr").first
    assert code.evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(255, 255, 255)"


def test_the_card_on_other_sites_follows_the_device_alone(visit: Visit, petition: Petition) -> None:
    dara = visit("en", scheme="light")
    dara.opens("petitions:list")
    chooses(dara, "dark")
    dara.page.goto(f"{dara.site}/embed/{petition.slug}/?lang=en")
    expect(dara.page.locator(".colours")).to_have_count(0)
    assert dara.page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_axe_finds_nothing_in_chosen_colours(visit: Visit, stage: Stage, choice: str) -> None:
    dara, found = visit("km", scheme=_OTHER[choice]), {}
    dara.opens("home")
    chooses(dara, choice)
    for name in ("home", "petition", "sign-errors", "share", "how-to-sign", "news"):
        PAGES[name](dara, stage)
        expect(dara.page.locator("html")).to_have_attribute("data-colours", choice)
        if wrong := faults(dara.page):
            found[name] = wrong
    assert found == {}
