"""The card inside another site's page: whole at its height, in each language and state."""

import pytest

from petitions.views.embedding import HEIGHTS
from tests.browser.conftest import Visit, each_language
from tests.browser.pages import Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: Runs in the card: what its height cuts off, and a button too small for a finger.
_MEASURE = """
() => {
  const faults = [];
  const page = document.documentElement;
  if (page.scrollHeight > innerHeight) faults.push(`${page.scrollHeight} high`);
  if (page.scrollWidth > innerWidth) faults.push(`${page.scrollWidth} wide`);
  const card = document.querySelector(".card").getBoundingClientRect();
  for (const element of document.querySelectorAll(".card > *")) {
    const box = element.getBoundingClientRect();
    if (box.bottom > card.bottom || box.top < card.top)
      faults.push(`sticks out: ${element.className}`);
  }
  if (document.querySelector(".act").getBoundingClientRect().height < 44) faults.push("button");
  return faults;
}
"""


@each_language
def test_the_card_fits_its_height(visit: Visit, stage: Stage, language: str) -> None:
    visitor, found = visit(language), {}
    petitions = (stage.petition, stage.few, stage.goal_met, stage.closed, stage.record)
    for width in (300, 600):
        visitor.page.set_viewport_size({"width": width, "height": HEIGHTS[language]})
        for slug in (*(petition.slug for petition in petitions), "nothing"):
            visitor.page.goto(f"{visitor.site}/embed/{slug}/?lang={language}")
            if faults := visitor.page.evaluate(_MEASURE):
                found[slug, width] = faults
    assert found == {}


def test_a_page_shows_it_and_its_button_opens_the_petition_beside(
    visit: Visit, stage: Stage
) -> None:
    visitor = visit("en")
    visitor.opens("petitions:embed-code", stage.petition.slug)
    card = visitor.page.frame_locator("iframe")
    with visitor.page.context.expect_page() as opened:
        card.get_by_role("link").click()
    opened.value.wait_for_url("**/?s=embed")
    assert opened.value.evaluate("window.opener") is None
