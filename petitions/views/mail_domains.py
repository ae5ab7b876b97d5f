"""A slip in the part after @, found by comparing it with the domains that people here use."""

#: Most used in Canada and Cambodia, the likelier first. Only these are ever proposed; each is
#: long enough before its dot for one wrong letter to be a slip and not another domain.
_PROPOSED = (
    "gmail.com",
    "hotmail.com",
    "yahoo.com",
    "outlook.com",
    "icloud.com",
    "yahoo.ca",
    "hotmail.ca",
    "yahoo.fr",
    "hotmail.fr",
    "outlook.fr",
    "googlemail.com",
    "videotron.ca",
    "sympatico.ca",
    "rogers.com",
    "telus.net",
    "cogeco.ca",
    "eastlink.ca",
    "sasktel.net",
    "protonmail.com",
    "proton.me",
)
#: Real ones that differ from a proposed one by a single letter: nobody is asked about them.
_REAL = frozenset({"mail.com", "email.com", "ymail.com"})
#: More than a letter away, and common in Canada all the same: Gmail has no such domain.
_KNOWN_SLIPS = {"gmail.ca": "gmail.com"}


def likely_address(address: str) -> str | None:
    """The address that was probably meant; None when nothing speaks against the one typed.

    One letter too many, too few or another, or two neighbours changed places. It is proposed,
    never put in by itself: an unusual domain is not a wrong one.
    """
    local, _at, domain = address.rpartition("@")
    if domain in _PROPOSED or domain in _REAL:
        return None
    near = (each for each in _PROPOSED if _is_one_slip(domain, each))
    likely = _KNOWN_SLIPS.get(domain) or next(near, None)
    return f"{local}@{likely}" if likely else None


def _is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter added, left out or replaced, or one swap of neighbours, lies between."""
    if len(typed) == len(meant):
        wrong = [place for place, letter in enumerate(typed) if letter != meant[place]]
        first, last = wrong[0], wrong[-1]
        swapped = typed[first : last + 1] == meant[first : last + 1][::-1]
        return first == last or (last == first + 1 and swapped)
    shorter, longer = sorted((typed, meant), key=len)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
