"""What a signer may type: names, addresses, postal codes. Shared by every form.

Each function takes text as typed and returns it in its canonical form, or raises a
`ValidationError` in the words of the page's language.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

#: Zero-width characters people paste along: dropped at the ends, kept inside where `_joins()`.
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
#: The two of them that names in Arabic script are typed with.
_JOINERS = "\u200c\u200d"
_KHMER_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")

_LINK = re.compile(
    r"://|www\.|@|/|[a-z0-9]{2}\.(?:com|ca|org|net|info|biz|io|kh|ru|cn|xyz|top|site|online|link|club|shop)\b",
    re.IGNORECASE,
)
#: What Python calls space, without its control characters: nobody types those.
_SPACES = re.compile(r"[^\S\x0b\x0c\x1c-\x1f\x85]+")
_NAME_MARKS = {" ", "-", "'", "’", ".", ","}
#: Hangul fillers: letters by their category, but nothing is seen of them.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
#: More marks on one letter than any name has: a defaced text, not a name (T34).
_MOST_MARKS = {"latin": 4, "khmer": 8}

_POSTAL = re.compile(r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z][0-9][ABCEGHJ-NPRSTV-Z][0-9]")
_AS_DIGIT = str.maketrans("OI", "01")

#: First letter of a postal code → the provinces that it can lie in (Canada Post).
POSTAL_PROVINCES: dict[str, frozenset[str]] = {
    "A": frozenset({"NL"}),
    "B": frozenset({"NS"}),
    "C": frozenset({"PE"}),
    "E": frozenset({"NB"}),
    **dict.fromkeys("GHJ", frozenset({"QC"})),
    **dict.fromkeys("KLMNP", frozenset({"ON"})),
    "R": frozenset({"MB"}),
    "S": frozenset({"SK"}),
    "T": frozenset({"AB"}),
    "V": frozenset({"BC"}),
    "X": frozenset({"NT", "NU"}),
    "Y": frozenset({"YT"}),
}


def fold_digits(text: str) -> str:
    """Khmer and full-width digits as 0–9."""
    return unicodedata.normalize("NFKC", text).translate(_KHMER_DIGITS)


def trim(text: str) -> str:
    """Without spaces and zero-width characters at the ends."""
    return text.strip(_ZERO_WIDTH + " \t\r\n\u00a0")


def _is_khmer(character: str) -> bool:
    return "\u1780" <= character <= "\u17ff" or "\u19e0" <= character <= "\u19ff"


def _joins(character: str, beside: str) -> bool:
    """Whether a character of no width belongs there: beside Khmer, or as keyboards join Arabic."""
    if any(map(_is_khmer, beside)):
        return True
    return character in _JOINERS and any("\u0620" <= each <= "\u06ff" for each in beside)


def _letters_only(name: str) -> bool:
    marks, limit = 0, _MOST_MARKS["latin"]
    for place, character in enumerate(name):
        category = unicodedata.category(character)
        if category.startswith("M"):
            marks += 1
            if marks > limit:
                return False
            continue
        if character in _ZERO_WIDTH:
            if not _joins(character, name[max(place - 1, 0) : place + 2]):
                return False
            continue
        if not (category.startswith("L") or character in _NAME_MARKS):
            return False
        if character in _BLANK_LETTERS:
            return False
        marks, limit = 0, _MOST_MARKS["khmer" if _is_khmer(character) else "latin"]
    return any(unicodedata.category(character).startswith("L") for character in name)


def full_name(text: str) -> str:
    """A name in any script and order, 2–100 characters. Khmer is kept as typed, the rest NFC.

    NFC would reorder some Khmer marks (U+17DD before U+17D2), so Khmer is left alone.
    """
    name = trim(_SPACES.sub(" ", text))
    if not any(map(_is_khmer, name)):
        name = unicodedata.normalize("NFC", name)
    if not name:
        raise ValidationError(_("Enter your full name"), code="required")
    if len(name) < 2:
        raise ValidationError(_("Full name must have at least 2 characters"), code="short")
    if len(name) > 100:
        raise ValidationError(_("Full name must have 100 characters or fewer"), code="long")
    if _LINK.search(name) or not _letters_only(name):
        raise ValidationError(
            _("Enter only your name, without a link or e-mail address"), code="link"
        )
    return name


def email_address(text: str) -> str:
    """A deliverable address: ASCII local part, lower-case IDNA domain, at most 254 characters."""
    address = fold_digits(trim(text))
    if not address:
        raise ValidationError(_("Enter your e-mail address"), code="required")
    if any(map(_is_khmer, address)):
        raise ValidationError(_("Use Latin letters in your e-mail address"), code="khmer")
    wrong = ValidationError(
        _("Enter an e-mail address in the correct format, like name@example.com"), code="format"
    )
    local, _at, domain = address.rpartition("@")
    try:
        domain = domain.lower().encode("idna").decode("ascii")
        address = f"{local}@{domain}"
        validate_email(address)
    except (UnicodeError, ValidationError) as error:
        raise wrong from error
    # No mail server that we know needs SMTPUTF8, and a quoted local part is a way to smuggle.
    # A bare host or a number in brackets is a machine of our own network, not a mailbox.
    is_inside = "." not in domain or domain.startswith("[")
    if len(address) > 254 or not local.isascii() or '"' in local or is_inside:
        raise wrong
    return address


def postal_code(text: str) -> str:
    """A Canadian postal code as `K1A 0A6`, from any case, spacing and digits.

    A letter O or I where a digit belongs is read as 0 or 1.
    """
    compact = re.sub(r"[\s\-\u2010-\u2015\u200b-\u200d\u2060\ufeff]", "", fold_digits(text)).upper()
    if not compact:
        raise ValidationError(_("Enter your postal code"), code="required")
    places = list(compact)
    for place in range(1, len(places), 2):
        places[place] = places[place].translate(_AS_DIGIT)
    code = "".join(places)
    if not _POSTAL.fullmatch(code):
        raise ValidationError(_("Enter a Canadian postal code, like K1A 0A6"), code="format")
    return f"{code[:3]} {code[3:]}"
