"""Help for finding the mail: who it is from, and the web mail of well-known providers."""

from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings

_WEBMAIL = {
    "gmail.com": ("Gmail", "https://mail.google.com/"),
    "googlemail.com": ("Gmail", "https://mail.google.com/"),
    **dict.fromkeys(
        (
            *("outlook.com", "outlook.fr", "hotmail.com", "hotmail.ca", "hotmail.fr"),
            *("live.ca", "live.com", "live.fr", "msn.com"),
        ),
        ("Outlook", "https://outlook.live.com/mail/"),
    ),
    **dict.fromkeys(
        ("yahoo.com", "yahoo.ca", "yahoo.fr", "ymail.com", "rocketmail.com"),
        ("Yahoo", "https://mail.yahoo.com/"),
    ),
    **dict.fromkeys(
        ("icloud.com", "me.com", "mac.com"), ("iCloud", "https://www.icloud.com/mail/")
    ),
    **dict.fromkeys(
        ("proton.me", "protonmail.com", "pm.me"), ("Proton Mail", "https://mail.proton.me/")
    ),
    "aol.com": ("AOL", "https://mail.aol.com/"),
}
#: In-app browsers would open a web mail that is not logged in.
_IN_APP = (
    *("FBAN", "FBAV", "FB_IAB", "Instagram", "Barcelona", "Line/", "; wv)"),
    *("MicroMessenger", "musical_ly", "BytedanceWebview", "Snapchat", "Twitter for iPhone"),
)


@dataclass(frozen=True)
class Webmail:
    name: str
    url: str


def is_in_app(user_agent: str) -> bool:
    """Whether the page is shown inside another app, such as Facebook's."""
    return any(mark in user_agent for mark in _IN_APP)


def webmail(address: str, user_agent: str) -> Webmail | None:
    """The provider's web mail, or None when unknown or useless in this browser."""
    if is_in_app(user_agent):
        return None
    found = _WEBMAIL.get(address.rpartition("@")[2])
    return Webmail(*found) if found else None


def masked(address: str) -> str:
    """s•••@gmail.com: enough to recognize one's own address, not to learn another's."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def sender() -> str:
    """The bare address that our mails come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
