"""The petitioner asks five to ten people to support the petition, and sees who does."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard.own import own_petition
from petitions import validators
from petitions.domain import house_rules, supporting
from petitions.models import Petition, Supporter
from petitions.models.house import SUPPORTERS_AT_MOST
from petitions.states import PetitionState, SupporterState

_only_petitioners = needs(Permission.WRITE_OWN_PETITION)


class InviteesForm:
    """Ten rows of a name, an address and a language; those left empty are nobody."""

    def __init__(self, language: str, data: QueryDict | None = None) -> None:
        self.language = language
        self.data = data
        self.errors: dict[int, str] = {}
        self.problem = ""
        #: Row of the page → the person in it.
        self.people: dict[int, supporting.Invitee] = {}
        for row in range(SUPPORTERS_AT_MOST) if data is not None else ():
            self._read(row)
        if data is not None and not self.errors and data.get("agreed") != "on":
            self.problem = gettext("Confirm that all of them have agreed to be asked")

    def _typed(self, row: int) -> tuple[str, str, str]:
        data = self.data or QueryDict()
        language = data.get(f"language_{row}", self.language)
        if language not in dict(settings.LANGUAGES):
            language = self.language
        return data.get(f"name_{row}", ""), data.get(f"email_{row}", ""), language

    def _read(self, row: int) -> None:
        name, email, language = self._typed(row)
        if not validators.trim(name) and not validators.trim(email):
            return
        try:
            self.people[row] = supporting.Invitee(
                name=validators.full_name(name),
                email=validators.email_address(email),
                language=language,
            )
        except ValidationError as error:
            self.errors[row] = " ".join(error.messages)

    @property
    def is_valid(self) -> bool:
        return not self.errors and not self.problem

    def refused(self, error: supporting.SupportError) -> None:
        """The domain counts people, the page counts rows."""
        rows = list(self.people)
        self.errors = {rows[place]: text for place, text in error.errors.items()}
        self.problem = str(error)

    def rows(self) -> Iterator[dict[str, Any]]:
        for row in range(SUPPORTERS_AT_MOST):
            name, email, language = self._typed(row)
            yield {
                "row": row,
                "number": row + 1,
                "name": name,
                "email": email,
                "language": language,
                "error": self.errors.get(row, ""),
            }


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@_only_petitioners
def supporters(request: StaffRequest) -> HttpResponse:
    """Whom to ask, while it is a draft; afterwards who has answered."""
    petition = own_petition(request)
    language = request.user.language
    if request.method != "POST":
        return _show(request, petition, InviteesForm(language))
    form = InviteesForm(language, request.POST)
    if form.is_valid:
        try:
            supporting.invite(petition, list(form.people.values()), by=request.user)
        except supporting.SupportError as error:
            form.refused(error)
    if not form.is_valid:
        return _show(request, petition, form, status=422)
    messages.success(request, gettext("They have been asked. Text and days are frozen now."))
    return HttpResponseRedirect(reverse("own:supporters"))


def _show(
    request: StaffRequest, petition: Petition, form: InviteesForm, status: int = 200
) -> HttpResponse:
    is_draft = petition.state == PetitionState.DRAFT
    if not is_draft and not petition.supporters.exists():
        raise Http404
    context = {
        "petition": petition,
        "form": form,
        "rows": list(form.rows()),
        "languages_of_mail": settings.LANGUAGES,
        "is_draft": is_draft,
        "findings": house_rules.blocking(petition) if is_draft else [],
        "supporters": [_told(row, petition) for row in _asked(petition)],
    }
    return render(request, "petitioner/supporters.html", context, status=status)


def _asked(petition: Petition) -> Iterator[Supporter]:
    return petition.supporters.exclude(state=SupporterState.CANCELLED).iterator()


def _told(row: Supporter, petition: Petition) -> dict[str, Any]:
    gathering = petition.state == PetitionState.GATHERING_SUPPORTERS
    return {
        "row": row,
        "name": supporting.name_of(row),
        "state": SupporterState(row.state).label,
        "may_remind": gathering and row.state == SupporterState.INVITED,
    }


@require_POST
@_only_petitioners
def remind(request: StaffRequest, supporter: int) -> HttpResponse:
    """Asks one of them once more."""
    row = get_object_or_404(own_petition(request).supporters, pk=supporter)
    try:
        supporting.remind(row, by=request.user)
    except supporting.SupportError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("A reminder is on its way."))
    return HttpResponseRedirect(reverse("own:supporters"))
