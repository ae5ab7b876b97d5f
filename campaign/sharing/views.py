"""Pictures and papers to pass on, for everybody: nothing in them is of one person or place."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from campaign.sharing import cards, drawing, guide_cards, posters
from petitions import formats, qr_codes
from petitions.models import Petition
from petitions.states import PetitionKind
from petitions.views.access import petition_page, public_petition
from petitions.views.kept import keep

#: By the ending of its address: what a code for cameras is made by.
CODES: dict[str, tuple[Callable[[str], bytes | str], str]] = {
    "svg": (qr_codes.svg, "image/svg+xml"),
    "png": (qr_codes.png, "image/png"),
}


@require_safe
@petition_page
def card(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The picture that goes with a shared link, in one language."""
    petition = public_petition(slug)
    if language not in formats.LOCALES:
        raise Http404
    shown = keep(("card", slug, language), lambda: cards.data(petition, language))
    return _drawn(request, "card", shown, max_age=3600)


@require_safe
def guide_picture(request: HttpRequest, name: str) -> HttpResponse:
    """A step of signing, or all of them, to pass on; in the language of its address."""
    if name not in guide_cards.NAMES:
        raise Http404
    language = formats.current()
    shown = keep(("guide", name, language), lambda: guide_cards.data(name))
    if shown is None:
        raise Http404
    return _drawn(request, "guide", shown, max_age=24 * 3600)


def _drawn(
    request: HttpRequest, template: str, shown: dict[str, Any], *, max_age: int
) -> HttpResponse:
    etag = f'"{drawing.tag(template, shown)}"'
    response = get_conditional_response(request, etag)
    if response is None:
        picture = drawing.picture(template, shown)
        if picture is None:
            return _plain()
        response = HttpResponse(picture, content_type="image/png")
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={max_age}"
    return response


def _plain() -> HttpResponse:
    """For want of the real one, which is to be asked for soon again."""
    return HttpResponse(
        drawing.PLAIN.read_bytes(),
        content_type="image/png",
        headers={"Cache-Control": "public, max-age=60"},
    )


@require_safe
@petition_page
def poster(request: HttpRequest, slug: str, sheet: str) -> HttpResponse:
    """A poster of no place in particular."""
    petition = _signed_here(slug)
    return poster_file(petition, posters.general_address(petition), sheet, slug)


@require_safe
@petition_page
def code(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The code that leads to the petition, to put on one's own paper."""
    return code_file(posters.general_address(_signed_here(slug)), kind, slug)


def _signed_here(slug: str) -> Petition:
    petition = public_petition(slug)
    if petition.kind == PetitionKind.RECORD:
        raise Http404
    return petition


def poster_file(
    petition: Petition, address: posters.Address, sheet: str, name: str
) -> HttpResponse:
    """`poster-<name>-<sheet>.pdf`; 404 for a sheet that there is not."""
    if sheet not in posters.SHEETS:
        raise Http404
    return _file(
        posters.poster(petition, address, sheet), "application/pdf", f"poster-{name}-{sheet}.pdf"
    )


def code_file(address: posters.Address, kind: str, name: str) -> HttpResponse:
    """`qr-<name>.<kind>`; 404 for a kind of picture that there is not."""
    if kind not in CODES:
        raise Http404
    make, content_type = CODES[kind]
    return _file(make(address.url), content_type, f"qr-{name}.{kind}")


def _file(content: bytes | str, content_type: str, name: str) -> HttpResponse:
    whole = content.encode() if isinstance(content, str) else content
    return HttpResponse(
        whole,
        content_type=content_type,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "ETag": f'"{sha256(whole).hexdigest()[:20]}"',
        },
    )
