"""The public page that helps somebody write to their Member. Nothing typed here is stored."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from campaign.parliament import letters, queries, wording
from campaign.parliament.letter_forms import LetterForm, PostalCodeForm
from petitions import formats
from petitions.models import Member, Petition
from petitions.views.access import chosen, own_form

_TEMPLATE = "parliament/letter.html"


@sensitive_post_parameters()
@own_form
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Postal code, then the Member and what to say, then the letter to copy or to mail."""
    context: dict[str, Any] = {"petition": _petition(request)}
    if request.method != "POST":
        return render(request, _TEMPLATE, context | {"code_form": PostalCodeForm()})
    code_form = PostalCodeForm(request.POST)
    context |= {"code_form": code_form}
    if not code_form.is_valid():
        return render(request, _TEMPLATE, context, status=422)
    postal_code = code_form.cleaned_data["postal_code"]
    wants_all = request.POST.get("act") == "all" or request.POST.get("all") == "1"
    seats = [] if wants_all else letters.seats(postal_code)
    context |= _seats(postal_code, seats, wants_all=wants_all)
    if request.POST.get("act") != "write":
        initial = {"language": _usual_language(seats)}
        return render(
            request, _TEMPLATE, context | {"form": LetterForm(None, seats=seats, initial=initial)}
        )
    form = LetterForm(request.POST, seats=seats)
    if not form.is_valid():
        return render(request, _TEMPLATE, context | {"form": form}, status=422)
    return render(request, _TEMPLATE, context | {"form": form} | _letter(form, context))


def _petition(request: HttpRequest) -> Petition:
    """The one asked for, or the newest that anybody may read."""
    petitions = list(Petition.objects.signed_here().public())
    petition = chosen(petitions, request.GET.get("petition", ""))
    if petition is None:
        raise Http404
    return petition


def _seats(postal_code: str, seats: list[letters.Seat], *, wants_all: bool) -> dict[str, Any]:
    return {
        "postal_code": postal_code,
        "seats": seats,
        "wants_all": wants_all,
        "vacant": [seat.riding.name for seat in seats if seat.member is None],
        "list_day": wording.list_day(queries.checked_on()),
    }


def _usual_language(seats: list[letters.Seat]) -> str:
    """The page's own; for Khmer pages the one that the riding's province speaks."""
    if formats.current() != "km":
        return formats.current()
    return "fr" if any(seat.riding.province == "QC" for seat in seats) else "en"


def _letter(form: LetterForm, context: dict[str, Any]) -> dict[str, Any]:
    data = form.cleaned_data
    member = Member.objects.select_related("riding").get(pk=data["member"])
    said = {
        "deed": letters.Deed(data["deed"]),
        "name": data["name"],
        "postal_code": context["postal_code"],
        "why": data["why"],
    }
    petition = context["petition"]
    letter = letters.write(member, petition, language=data["language"], **said)
    return {
        "letter": letter,
        "letter_lang": formats.HTML_LANGUAGES[data["language"]],
        "read_along": letters.write(member, petition, language="km", **said)
        if formats.current() == "km"
        else None,
        "member": member,
        "postal_address": letters.postal_address(member, data["language"]),
        "house_page": letters.house_page(member, formats.current()),
    }
