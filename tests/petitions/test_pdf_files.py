"""What is taken for a PDF: its bytes decide, never a name."""

import pytest

from petitions.domain.pdf_files import is_whole

WHOLE = b"%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n0\n%%EOF\n"


def test_a_whole_one_is() -> None:
    assert is_whole(WHOLE)
    # Some programs write a little behind the end.
    assert is_whole(WHOLE + b"\0" * 1000)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4\n",
        b"<html><script>alert(1)</script></html>",
        b"<html>" + WHOLE,
        b"\n" + WHOLE,
        b"%!PS-Adobe-3.0\n%%EOF\n",
        WHOLE[:-8],
        WHOLE + b"\0" * 2000,
    ],
)
def test_anything_else_is_none(content: bytes) -> None:
    assert not is_whole(content)
