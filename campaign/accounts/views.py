"""The team: who works here, with which role; invitations; one's own language and address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts import queries
from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.domain import invitations, sessions, team
from campaign.accounts.factors import confirm_url, stale_factor
from campaign.accounts.forms import AcceptForm, AcceptPetitionerForm, InviteForm, RoleForm
from campaign.accounts.models import Invitation, User
from campaign.accounts.roles import Permission, Role
from petitions.formats import HTML_LANGUAGES


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_TEAM)
def people(request: StaffRequest) -> HttpResponse:
    """Everybody on the team, the invitations that wait, and the form that invites."""
    if request.method != "POST":
        return _show_people(request, InviteForm(initial={"language": request.user.language}))
    form = InviteForm(request.POST)
    if _is_stale(request, form):
        return _show_people(request, form, status=403)
    if not form.is_valid():
        return _show_people(request, form, status=422)
    data = form.cleaned_data
    try:
        invitation = invitations.invite(
            data["email"], role=Role(data["role"]), language=data["language"], by=request.user
        )
    except invitations.AlreadyOnTeamError:
        form.add_error("email", gettext("This address has an account already"))
        return _show_people(request, form, status=422)
    return _invited(request, invitation)


def _invited(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    text = gettext("An invitation is on its way to %(email)s.") % {"email": invitation.email}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("team:people"))


def _is_stale(request: StaffRequest, form: InviteForm | RoleForm) -> bool:
    """Says at the form when the log-in is too old for what others cannot undo."""
    if not stale_factor(request):
        return False
    form.add_error(None, gettext("Your log-in is older than 5 minutes. Confirm it, then try again"))
    return True


def _show_people(request: StaffRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    context = {
        "people": queries.people(),
        "invitations": queries.waiting_invitations(),
        "roles": queries.roles_in_words(),
        "form": form,
        "confirm_url": confirm_url(request),
    }
    return render(request, "accounts/people.html", context, status=status)


@require_POST
@needs(Permission.MANAGE_TEAM)
def renew(request: StaffRequest, invitation: int) -> HttpResponse:
    """A new link to the same person; the old one is dead."""
    row = get_object_or_404(invitations.waiting(), pk=invitation)
    if detour := confirm_url(request, back=reverse("team:people")):
        return HttpResponseRedirect(detour)
    try:
        invitations.renew(row, by=request.user)
    except invitations.AlreadyOnTeamError:
        messages.error(request, gettext("This address has an account already"))
        return HttpResponseRedirect(reverse("team:people"))
    return _invited(request, row)


@require_POST
@needs(Permission.MANAGE_TEAM)
def withdraw(request: StaffRequest, invitation: int) -> HttpResponse:
    row = get_object_or_404(invitations.waiting(), pk=invitation)
    try:
        invitations.withdraw_invitation(row, by=request.user)
    except invitations.InvitationEndedError:
        messages.error(request, gettext("This invitation has been accepted meanwhile."))
    else:
        messages.success(request, gettext("The invitation is withdrawn: its link is dead."))
    return HttpResponseRedirect(reverse("team:people"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_TEAM)
def person(request: StaffRequest, person: int) -> HttpResponse:
    """One person's account; a POST gives another role."""
    user = get_object_or_404(queries.people(), pk=person)
    if request.method != "POST":
        return _show_person(request, user, RoleForm(initial={"role": user.role}))
    form = RoleForm(request.POST)
    if _is_stale(request, form):
        return _show_person(request, user, form, status=403)
    if not form.is_valid():
        return _show_person(request, user, form, status=422)
    try:
        team.change_role(user, role=Role(form.cleaned_data["role"]), by=request.user)
    except team.RefusedError as refused:
        form.add_error(None, _why_not(refused))
        return _show_person(request, user, form, status=422)
    messages.success(request, gettext("The role is changed, and the person signed out."))
    return HttpResponseRedirect(reverse("team:person", args=[user.pk]))


@require_POST
@needs(Permission.MANAGE_TEAM)
def sign_out(request: StaffRequest, person: int) -> HttpResponse:
    """Ends somebody's sessions, after a lost phone for one; nothing else of the account changes."""
    user = get_object_or_404(queries.people(), pk=person)
    sessions.end_all(user, by=request.user)
    messages.success(request, gettext("The person is signed out everywhere."))
    return HttpResponseRedirect(reverse("team:person", args=[user.pk]))


@require_POST
@needs(Permission.MANAGE_TEAM)
def deactivate(request: StaffRequest, person: int) -> HttpResponse:
    return _switch(request, person, active=False)


@require_POST
@needs(Permission.MANAGE_TEAM)
def reactivate(request: StaffRequest, person: int) -> HttpResponse:
    return _switch(request, person, active=True)


def _switch(request: StaffRequest, pk: int, *, active: bool) -> HttpResponse:
    user = get_object_or_404(queries.people(), pk=pk)
    back = reverse("team:person", args=[user.pk])
    if detour := confirm_url(request, back=back):
        return HttpResponseRedirect(detour)
    try:
        (team.reactivate if active else team.deactivate)(user, by=request.user)
    except team.RefusedError as refused:
        messages.error(request, _why_not(refused))
    else:
        opened, closed = gettext("The account is open again."), gettext("The account is closed.")
        messages.success(request, opened if active else closed)
    return HttpResponseRedirect(back)


def _why_not(refused: team.RefusedError) -> str:
    match refused:
        case team.OwnAccountError():
            return gettext("This is your own account: ask another administrator")
        case team.OperatorAccountError():
            return gettext("This account belongs to the site's operator: ask the operator")
    return gettext("Nobody would be left to manage the team: make somebody administrator first")


def _show_person(
    request: StaffRequest, user: User, form: RoleForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "person": user,
        "form": form,
        "events": user.team_events.select_related("by"),
        "confirm_url": confirm_url(request),
        "may_change": user.pk != request.user.pk
        and (request.user.is_superuser or not user.is_superuser),
    }
    return render(request, "accounts/person.html", context, status=status)


# --- the invited person ----------------------------------------------------------------------


@csrf_exempt  # the token is the capability; under no-referrer, browsers name no origin to check
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where a mailed invitation leads: looking changes nothing, the form makes the account."""
    response = _answer_invitation(request, token)
    # The address is a secret until it has been used.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _answer_invitation(request: HttpRequest, token: str) -> HttpResponse:
    try:
        row = invitations.read_token(token)
    except invitations.InvitationEndedError:
        return render(request, "accounts/invitation_ended.html", status=410)
    language = request.GET.get("language", row.language)
    if language in HTML_LANGUAGES:
        translation.activate(language)
    data = request.POST if request.method == "POST" else None
    accept_form = AcceptPetitionerForm if row.role == Role.PETITIONER else AcceptForm
    form = accept_form(data, email=row.email, initial={"language": language})
    context = {"invitation": row, "form": form}
    if data is None or not form.is_valid():
        status = 200 if data is None else 422
        return render(request, "accounts/invitation.html", context, status=status)
    try:
        invitations.accept(row, **form.account())
    except invitations.InvitationEndedError:
        return render(request, "accounts/invitation_ended.html", status=410)
    # Logging in is a step of its own: it counts tries, and leads on to the second factor.
    messages.success(request, gettext("Your account is ready. Sign in with your new password."))
    return HttpResponseRedirect(reverse("account_login"))


# --- one's own account -----------------------------------------------------------------------


@require_POST
@login_required
def language(request: StaffRequest) -> HttpResponse:
    """The language that this person's desk and mails are in from now on."""
    chosen = request.POST.get("language", "")
    if chosen in HTML_LANGUAGES:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("desk:overview")
    return HttpResponseRedirect(back)


@require_safe
@login_required
def email(request: StaffRequest) -> HttpResponse:
    """The address that one logs in with; allauth's page would let a thief move it."""
    return render(request, "accounts/email.html")
