"""Pages fit the smallest phone, leave Khmer its height, and give fingers something to hit."""

import pytest

from tests.browser.conftest import Visit, each_language
from tests.browser.pages import PAGES, Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: CSS pixels (ux.md aims at 48; the standard's stricter level asks for 44).
SMALLEST_TARGET = 44

#: Runs in the page: what does not fit, what is cut, what is too small to hit.
_MEASURE = """
(smallest) => {
  const faults = [];
  const name = (element) => {
    const words = (element.innerText || element.name || "").trim().slice(0, 30);
    return `${element.tagName.toLowerCase()}.${element.className} "${words}"`;
  };
  const shows = (element) => element.checkVisibility({ visibilityProperty: true });
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) faults.push("the page scrolls sideways");
  for (const element of document.body.querySelectorAll("*")) {
    if (!shows(element) || element.closest(".skip, .trap, .unseen")) continue;
    const box = element.getBoundingClientRect();
    if (box.right > width + 1 || box.left < -1) faults.push(`sticks out: ${name(element)}`);
    const style = getComputedStyle(element);
    const ratio = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
    const khmer = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && /[\\u1780-\\u17ff]/.test(node.data));
    const inKhmer = element.closest("[lang]").lang === "km" &&
      (khmer || element.matches("input[type=text], input[type=email], select, textarea"));
    const clipped = khmer && style.overflow !== "visible";
    if ((inKhmer || clipped) && ratio < 1.59) faults.push(`line height ${ratio}: ${name(element)}`);
    // A clamp ends after whole lines, with three dots.
    const clamped = element.matches(".clamp");
    if (clipped && !clamped && element.scrollHeight > element.clientHeight + 1)
      faults.push(`cut off: ${name(element)}`);
  }
  const targets = "a.button, button, input:not([type=hidden]), select, summary, " +
    ".languages a, .menu a, .foot nav a, .brand, .chooser a";
  for (const element of document.querySelectorAll(targets)) {
    if (!shows(element) || element.closest(".trap, .unseen")) continue;
    const labelled = ["checkbox", "radio"].includes(element.type);
    const box = (labelled ? element.labels[0] : element).getBoundingClientRect();
    if (box.width < smallest || box.height < smallest)
      faults.push(`${Math.round(box.width)}x${Math.round(box.height)}: ${name(element)}`);
  }
  return faults;
}
"""


@each_language
def test_pages_fit_the_smallest_phone(visit: Visit, stage: Stage, language: str) -> None:
    visitor, found = visit(language, width=320), {}
    for name, way in PAGES.items():
        way(visitor, stage)
        if faults := visitor.page.evaluate(_MEASURE, SMALLEST_TARGET):
            found[name] = faults
    assert found == {}
