"""Words to pass on: ready texts for each network, the five steps, and the code for a friend."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from petitions import qr_codes
from petitions.models import Petition
from petitions.presentation import absolute

#: What a line of a field holds about: it is only for its height.
_SIGNS_A_LINE = 45


def link(petition: Petition, source: str) -> str:
    """The petition's page in this language, telling which way its visitor came."""
    return absolute(f"{reverse('petitions:detail', args=[petition.slug])}?s={source}")


def code(petition: Petition) -> SafeString:
    """The code that a friend's camera reads from this screen."""
    title = gettext("QR code of the petition's page")
    return mark_safe(qr_codes.inline_svg(link(petition, "qr"), title=title))  # noqa: S308 - ours


def texts(petition: Petition) -> list[dict[str, Any]]:
    """A text for each network, in the page's language, its link at the end."""
    say = petition.share_text or petition.title
    short = {"me": "Messenger", "wa": "WhatsApp", "tg": "Telegram"}
    return [
        ready("fb", "Facebook", f"{say}\n\n{petition.summary}\n\n{link(petition, 'fb')}"),
        *(
            ready(source, name, f"{say}\n{link(petition, source)}")
            for source, name in short.items()
        ),
        ready("sms", "SMS", f"{say} {link(petition, 'sms')}"),
        ready("mail", gettext("E-mail"), _mail(petition)),
        ready("guide", gettext("The five steps"), guide(petition)),
    ]


def ready(source: str, label: str, text: str) -> dict[str, Any]:
    """What `components/copy_text.html` shows."""
    rows = sum(1 + len(line) // _SIGNS_A_LINE for line in text.splitlines())
    return {"id": f"text-{source}", "label": label, "text": text, "rows": rows + 1}


def _mail(petition: Petition) -> str:
    parts = [
        gettext("Hello,"),
        gettext("I ask you to read this petition, and to sign it:"),
        petition.title,
        petition.summary,
        link(petition, "mail"),
        gettext(
            "It takes two minutes. After the form, open your e-mail and press the button there: "
            "only then does your signature count."
        ),
        gettext("Thank you."),
    ]
    return "\n\n".join(part for part in parts if part)


def guide(petition: Petition) -> str:
    """The five steps as text, to paste wherever people ask how."""
    first = gettext("Open the petition: %(link)s") % {"link": link(petition, "guide")}
    lines = [f"{place}. {step}" for place, step in enumerate([first, *later_steps()], start=1)]
    warning = gettext(
        "Do not share the link in that e-mail. It is only yours. Share the petition link."
    )
    return "\n".join([gettext("How to sign in five steps"), *lines, warning])


def later_steps() -> list[str]:
    """What follows once the petition is open on the screen."""
    return [
        gettext("Choose ខ្មែរ, English or Français"),
        gettext("Press “Sign this petition”"),
        gettext("Fill in your name, e-mail, province and postal code"),
        gettext("Open your e-mail and press “Confirm my signature”"),
    ]
