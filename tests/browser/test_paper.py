"""What is printed of the guide: each of the two on one sheet, of either paper, in each language."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.browser.conftest import Visit, each_language
from tests.browser.pages import Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: Half an inch, as browsers leave; the paper is held to it at each side.
_MARGINS = dict.fromkeys(("top", "right", "bottom", "left"), "0.5in")
#: Of the note that ends the first guide, and of the heading that begins the second.
_NOTE = {"en": "spam folder", "fr": "courrier indésirable", "km": "(Spam)"}
_SECOND = {
    "en": "House of Commons site in",
    "fr": "Chambre des communes en cinq",
    "km": "(House of Commons)",
}


@each_language
@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_each_guide_is_one_sheet_with_its_pictures(
    visit: Visit, stage: Stage, language: str, paper: str
) -> None:
    visitor = visit(language)
    visitor.opens("how-to-sign")
    visitor.page.wait_for_load_state("networkidle")
    printed = visitor.page.pdf(format=paper, margin=_MARGINS)
    pages = PdfReader(BytesIO(printed)).pages
    assert [len(page.images) for page in pages] == [5, 0]
    here, there = (" ".join(page.extract_text().split()) for page in pages)
    assert (_NOTE[language] in here, _NOTE[language] in there) == (True, False)
    assert (_SECOND[language] in here, _SECOND[language] in there) == (False, True)
    assert (f"/{language}/petitions/" in here, "Signer" in there) == (True, True)
