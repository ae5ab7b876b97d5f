"""Whatever somebody writes as Markdown, nothing of it acts: a corpus of what worked elsewhere."""

import re
from html.parser import HTMLParser

import pytest

from campaign.newsroom import prose
from campaign.newsroom.prose import to_html

#: All that may come out: these tags, and of their attributes only the address of a link.
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "h2", "h3", "br", "a"}
_SCHEMES = {"http", "https", "mailto", "tel"}
#: What a browser drops from an address before it reads the scheme, and the scheme.
_DROPPED = re.compile(r"^[\x00-\x20]+|[\t\r\n]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")

CORPUS = [
    # Addresses that act.
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](<java\tscript:alert(1)>)",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript%3Aalert(1))",
    "[x](&Tab;javascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](\u200bjavascript:alert(1))",
    "[x](\u00a0javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](livescript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "[x](data:image/png;base64,iVBORw0KGgo=)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.org/1)",
    "[x](ftp://example.org/)",
    "[x](view-source:javascript:alert(1))",
    "[x](feed:javascript:alert(1))",
    "[x](intent://example.org#Intent;scheme=javascript;end)",
    # The same by reference and as autolinks.
    "[x][a]\n\n[a]: javascript:alert(1)",
    "[x]\n\n[x]: <javascript:alert(1)> 'title'",
    "[x][a]\n\n[a]: data:text/html,<script>alert(1)</script>",
    "<javascript:alert(1)>",
    "<data:text/html,alert>",
    "<vbscript:msgbox>",
    # Attributes by way of titles, languages of code, and numbers of lists.
    '[x](https://example.org "onmouseover=alert(1) x=")',
    "[x](https://example.org '\"><script>alert(1)</script>')",
    '[x](https://example.org"onclick="alert(1))',
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    '```"><img src=x onerror=alert(1)>\ntext\n```',
    # Pictures: none is shown, whatever its address.
    "![x](https://example.org/track.png)",
    "![x](javascript:alert(1))",
    "![](x 'onerror=alert(1)')",
    "![x][a]\n\n[a]: https://example.org/track.png",
    "[![x](https://example.org/track.png)](javascript:alert(1))",
    '![x"onerror="alert(1)](https://example.org/a.png)',
    # HTML.
    "<script>alert(1)</script>",
    "<ScRiPt src=//example.org/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<form action=//example.org><button>x</button></form>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='/' onclick=alert(1)>x</a>",
    "<details open ontoggle=alert(1)>",
    "<style>@import'//example.org/x.css';</style>",
    "<link rel=stylesheet href=//example.org/x.css>",
    "<meta http-equiv=refresh content='0;url=//example.org'>",
    "<base href=//example.org/>",
    "<p style='background:url(//example.org)'>x</p>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    # Nested, half closed, and in other parts of the text.
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "**<script>alert(1)</script>**",
    "# <img src=x onerror=alert(1)>",
    "> <script>alert(1)</script>",
    "- <svg/onload=alert(1)>",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "[<img src=x onerror=alert(1)>](https://example.org)",
    "[x](https://example.org/<script>alert(1)</script>)",
    "[[x](javascript:alert(1))](javascript:alert(2))",
    "[x](javascript:alert(1)",
    "**{site_name}<script>alert(1)</script>**",
    "{contact_email}<img src=x onerror=alert(1)>",
    "{<script>alert(1)</script>}",
    # Entities, and text that runs the other way.
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&amp;lt;script&amp;gt;",
    "\\<script\\>alert(1)\\</script\\>",
    "\u202e<script>alert(1)</script>\u202c",
    "[gro.elpmaxe\u202e](https://example.com)",
    "[\u2066x\u2069](java\u202escript:alert(1))",
    "\x00<script\x00>alert(1)</script>",
]


class _Reader(HTMLParser):
    """What a browser would make elements of."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def _harm(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    harm = [tag for tag, _attributes in reader.found if tag not in _TAGS]
    for tag, attributes in reader.found:
        harm += [name for name, _value in attributes if (tag, name) != ("a", "href")]
        for address in [value or "" for name, value in attributes if name == "href"]:
            scheme = _SCHEME.match(_DROPPED.sub("", address))
            harm += [scheme[1]] if scheme and scheme[1].lower() not in _SCHEMES else []
    return harm + [
        sign for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068" if sign in html
    ]


@pytest.mark.parametrize("text", CORPUS)
def test_nothing_of_it_acts(text: str) -> None:
    assert _harm(str(to_html(text, "en"))) == []


@pytest.mark.parametrize("text", CORPUS)
def test_nor_if_the_markdown_let_every_address_through(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written is cleaned whatever the first wall let by."""
    monkeypatch.setattr(prose._markdown(), "validateLink", lambda _address: True)
    assert _harm(str(to_html(text, "en"))) == []


def test_the_reader_would_see_what_acts() -> None:
    html = '<p onclick="x"><a href=" java\tScript:x">x</a><img src="x"></p>\u202e'
    assert _harm(html) == ["img", "onclick", "javaScript", "src", "\u202e"]


def test_links_and_headings_are_kept() -> None:
    text = "# One\n\n## Two\n\n### Three\n\n[Read](https://example.org/a?b=1) or [here](/en/news/)"
    assert str(to_html(text, "en")).strip() == (
        "<h2>One</h2>\n<h2>Two</h2>\n<h3>Three</h3>\n"
        '<p><a href="https://example.org/a?b=1">Read</a> or <a href="/en/news/">here</a></p>'
    )
