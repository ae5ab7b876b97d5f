"""A slip after @ is found, and no real domain is doubted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.views.mail_domains import _PROPOSED, likely_address

_LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789.-")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),  # neighbours changed places
        ("gmal.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmsil.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.cm", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmailcom.com", None),
        ("gmail.ocm", "gmail.com"),
        ("gmail.ca", "gmail.com"),
        ("hotmial.ca", "hotmail.ca"),
        ("hotmail.co", "hotmail.com"),
        ("yaho.ca", "yahoo.ca"),
        ("yahoo.cm", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("iclod.com", "icloud.com"),
        ("vidoetron.ca", "videotron.ca"),
        ("rogers.co", "rogers.com"),
        ("gmlai.com", None),  # two swaps
        ("gamil.cmo", None),
        ("mgail.comm", None),
    ],
)
def test_one_slip(typed: str, meant: str | None) -> None:
    assert likely_address(f"dara.sok+x@{typed}") == (f"dara.sok+x@{meant}" if meant else None)


@pytest.mark.parametrize(
    "domain",
    [
        *_PROPOSED,
        *("mail.com", "email.com", "ymail.com"),
        *("me.com", "msn.com", "live.ca", "live.com", "bell.net", "shaw.ca", "aol.com", "pm.me"),
        *("online.com.kh", "camnet.com.kh", "yahoo.com.kh", "example.org", "parl.gc.ca", "gc.ca"),
    ],
)
def test_real_domains_are_not_doubted(domain: str) -> None:
    assert likely_address(f"dara@{domain}") is None


@given(st.sampled_from(_PROPOSED), st.data())
def test_any_one_slip_leads_to_a_domain_that_it_is_a_slip_of(
    meant: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(meant) - 2))
    letter = data.draw(_LETTERS)
    typed = data.draw(
        st.sampled_from(
            [
                meant[:place] + meant[place + 1 :],
                meant[:place] + letter + meant[place:],
                meant[:place] + letter + meant[place + 1 :],
                meant[:place] + meant[place + 1] + meant[place] + meant[place + 2 :],
            ]
        )
    )
    likely = likely_address(f"dara@{typed}")
    assert (likely is None) == (
        typed in _PROPOSED or typed in {"mail.com", "email.com", "ymail.com"}
    )
    if likely is not None:
        assert likely.removeprefix("dara@") in _PROPOSED
