"""The examination of form and content on the desk."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard.house_forms import ExaminationForm
from petitions.domain import editing, examining, house_rules
from petitions.models import Petition
from petitions.states import PetitionState


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXAMINE_PETITIONS)
def examination(request: StaffRequest, slug: str) -> HttpResponse:
    """The text beside the House's rules; one button keeps the points, three end the examination."""
    petition = get_object_or_404(Petition, slug=slug)
    if request.method != "POST":
        return _show(request, petition, ExaminationForm.stored(examining.current(petition)))
    form = ExaminationForm(request.POST)
    if not form.is_valid():
        return _show(request, petition, form, status=422)
    try:
        done = _do(request, petition, form)
    except examining.ExamineError as error:
        form.add_error(None, str(error))
        return _show(request, petition, form, status=422)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("desk:examination", args=[petition.slug]))


def _do(request: StaffRequest, petition: Petition, form: ExaminationForm) -> str:
    """Does what the pressed button names; returns what to say of it."""
    answers, by = form.answers(), request.user
    match request.POST.get("act"):
        case "accept":
            examining.accept(petition, answers, by=by)
            return gettext("It has passed, and goes on to the translation.")
        case "send_back":
            examining.send_back(petition, answers, reason=form.cleaned_data["reason"], by=by)
            return gettext("It is a draft again, and the petitioner is told why.")
        case "reject":
            examining.reject(petition, answers, reasons=form.reasons(), by=by)
            return gettext("It is not accepted, and the reason is public.")
    examining.save(petition, answers, by=by)
    return gettext("The points are kept as they stand.")


def _show(
    request: StaffRequest, petition: Petition, form: ExaminationForm, status: int = 200
) -> HttpResponse:
    is_open = petition.state == PetitionState.IN_EXAMINATION
    texts = editing.texts_of(petition)
    clauses = list(petition.clauses.all())
    context = {
        "petition": petition,
        "form": form,
        "is_open": is_open,
        "rows": list(form.rows(house_rules.findings(petition, texts))) if is_open else [],
        "count": house_rules.counted_text(texts, petition.original_language),
        "whereas": [clause for clause in clauses if clause.kind == clause.Kind.WHEREAS],
        "requests": [clause for clause in clauses if clause.kind == clause.Kind.REQUEST],
        "past": petition.examinations.exclude(finished_at=None).select_related("by"),
    }
    return render(request, "dashboard/petitions/examination.html", context, status=status)
