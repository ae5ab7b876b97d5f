"""No page of the desk has a fault that axe can find, nor needs scrolling sideways."""

import pytest
from pytest_django import Settings

from campaign.accounts.roles import Role
from petitions.models import Petition
from tests.browser.accessibility import DESK_LOOKS, faults
from tests.browser.conftest import Visit
from tests.desk import DESK, names_of
from tests.factories import parliament, people, posts
from tests.factories import petitions as make

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = [address for address, (_who, methods) in DESK.items() if "GET" in methods]


@pytest.fixture
def addresses(petition: Petition) -> list[str]:
    """Every page of the desk; of petitions and posts one that is public, and one in writing."""
    for _turn in range(6):
        make.confirmed(petition)
    parliament.facts(petition)
    draft = make.draft_petition()
    names = names_of(petition)
    there = [page.format(**names) for page in PAGES]
    pages = [page for page in there if not page.endswith((".pdf", ".ics", ".svg", ".zip"))]
    pages.append(f"parliament/{names['member_id']}/brief/?second=on")
    post = posts.photo(posts.post()).post_id
    pages += [f"news/{post}/{page}" for page in ("", "text/", "sources/", "preview/", "publish/")]
    written = ("", "text/", "translation/?breaks=1", "dates/", "vault/", "move/in_translation/")
    return pages + [f"petitions/{draft.slug}/{page}" for page in written]


@pytest.mark.parametrize("language", DESK_LOOKS)
def test_axe_finds_nothing_on_the_desk(
    visit: Visit, addresses: list[str], settings: Settings, language: str
) -> None:
    settings.DEMO = True
    user = people.person(Role.ADMIN, language=language, superuser=True)
    visitor = visit(language)
    page, found = visitor.page, {}
    page.goto(f"{visitor.site}/accounts/login/?next=/desk/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(people.PASSWORD)
    page.locator("form:has([name=password]) button").click()
    page.wait_for_url("**/desk/")
    for address in [*addresses, "../accounts/sessions/", "../accounts/digest/", "../accounts/2fa/"]:
        page.goto(f"{visitor.site}/desk/{address}")
        for width, scheme in DESK_LOOKS[language]:
            page.set_viewport_size({"width": width, "height": 740})
            page.emulate_media(color_scheme=scheme)
            wrong = faults(page)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append("scrolls sideways")
            if wrong:
                found[f"{address} {width} {scheme}"] = wrong
    assert found == {}
