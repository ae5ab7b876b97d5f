"""Quotes for the second page of a briefing: kept, printed or not, and given up."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.parliament.domain import quotes
from campaign.parliament.models import Quote, QuoteConsent
from campaign.parliament.quote_forms import QuoteForm
from petitions.models import Petition


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MEET_MEMBERS)
def quote_list(request: StaffRequest, slug: str) -> HttpResponse:
    """What people let us print for Members, and the form for one more."""
    petition = get_object_or_404(Petition.objects.signed_here(), slug=slug)
    if request.method != "POST":
        return _show(request, petition, QuoteForm())
    form = QuoteForm(request.POST)
    if not form.is_valid():
        return _show(request, petition, form, status=422)
    quotes.add(
        petition,
        form.said(),
        consent=QuoteConsent(form.cleaned_data["consent"]),
        consented_on=form.cleaned_data["consented_on"],
        by=request.user,
    )
    messages.success(request, gettext("The quote is kept."))
    return _back(petition)


@require_POST
@needs(Permission.MEET_MEMBERS)
def change(request: StaffRequest, quote_id: int) -> HttpResponse:
    """Prints a quote, no longer prints it, or erases it because the person no longer agrees."""
    quote: Quote = get_object_or_404(
        Quote.objects.select_related("petition"), pk=quote_id, withdrawn_at=None
    )
    act = request.POST.get("act", "")
    if act == "withdraw":
        quotes.withdraw(quote, by=request.user)
        messages.success(request, gettext("The words are erased, also from briefings made before."))
    elif act in {"print", "leave-out"}:
        try:
            quotes.set_printed(quote, is_printed=act == "print")
        except quotes.EnoughPrintedError:
            messages.error(request, gettext("Two are printed already: leave one out first."))
    return _back(quote.petition)


def _show(
    request: StaffRequest, petition: Petition, form: QuoteForm, status: int = 200
) -> HttpResponse:
    context = {
        "petition": petition,
        "form": form,
        "quotes": petition.quotes.select_related("added_by").filter(withdrawn_at=None),
        "withdrawn": petition.quotes.exclude(withdrawn_at=None).count(),
    }
    return render(request, "parliament/quotes.html", context, status=status)


def _back(petition: Petition) -> HttpResponse:
    return HttpResponseRedirect(reverse("parliament:quotes", args=[petition.slug]))
