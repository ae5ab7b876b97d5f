"""What the texts of a petition and their languages are called on pages."""

from django.utils.translation import gettext


def language_name(code: str) -> str:
    return {"en": gettext("English"), "fr": gettext("French"), "km": gettext("Khmer")}[code]


def text_name(name: str) -> str:
    """The label of a text: `title`, `whereas_2`; `request` stands for the first of its kind."""
    kind, _line, position = name.partition("_")
    if position.isdecimal() or name in {"whereas", "request"}:
        label = gettext("Whereas") if kind == "whereas" else gettext("Request")
        return f"{label} {position}".strip()
    return {
        "title": gettext("Title"),
        "short_title": gettext("Short title"),
        "summary": gettext("Summary"),
        "addressee": gettext("Addressed to"),
        "grievances_heading": gettext("Heading of the grievances"),
        "requests_heading": gettext("Heading of the requests"),
        "ask": gettext("All requests in one sentence"),
        "why_now": gettext("Why now"),
        "share_text": gettext("Text for sharing"),
        "notice": gettext("Notice"),
    }[name]
