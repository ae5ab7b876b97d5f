"""What everybody sees of a post: published, taken back, corrected, withdrawn."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import news_wording as wording
from campaign.dashboard.news import to_post
from campaign.dashboard.news_forms import PublishForm
from campaign.dashboard.note_forms import NoteForm
from campaign.newsroom.domain import posts
from campaign.newsroom.models import Post
from campaign.newsroom.states import PostState
from petitions.forms import PlainForm


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PUBLISH_NEWS)
def publish(request: StaffRequest, number: int) -> HttpResponse:
    """Now or later; while a text keeps it back, the page names each."""
    post = get_object_or_404(Post, pk=number)
    if post.state != PostState.DRAFT:
        # Pressed twice, or done meanwhile by somebody else.
        return to_post(post)
    if request.method != "POST":
        return _show_publish(request, post, PublishForm())
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _show_publish(request, post, form, status=422)
    try:
        made = posts.publish(post, at=form.cleaned_data["opens_at"], by=request.user)
    except posts.PostError as error:
        form.add_error("date" if isinstance(error, posts.InstantError) else None, str(error))
        return _show_publish(request, post, form, status=422)
    messages.success(request, wording.sentence(made, is_public=posts.is_public(made)))
    return to_post(post)


def _show_publish(
    request: StaffRequest, post: Post, form: PublishForm, status: int = 200
) -> HttpResponse:
    context = {"post": post, "form": form, "reasons": posts.reasons_against(post)}
    return render(request, "dashboard/news/publish.html", context, status=status)


@require_POST
@needs(Permission.PUBLISH_NEWS)
def take_back(request: StaffRequest, number: int) -> HttpResponse:
    post = get_object_or_404(Post, pk=number)
    try:
        posts.take_back(post, by=request.user)
    except posts.StateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("The post is a draft again."))
    return to_post(post)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PUBLISH_NEWS)
def withdraw(request: StaffRequest, number: int) -> HttpResponse:
    """After a page that says what it means."""
    post = get_object_or_404(Post, pk=number)
    if request.method != "POST":
        if not posts.is_public(post):
            return to_post(post)
        context = {"post": post, "form": PlainForm()}
        return render(request, "dashboard/news/withdraw.html", context)
    try:
        posts.withdraw(post, by=request.user)
    except posts.StateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("The post is withdrawn."))
    return to_post(post)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PUBLISH_NEWS)
def correct(request: StaffRequest, number: int) -> HttpResponse:
    """A dated note above the article."""
    post = get_object_or_404(Post, pk=number)
    if not posts.is_public(post):
        raise Http404
    if request.method != "POST":
        return _show_correct(request, post, NoteForm())
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show_correct(request, post, form, status=422)
    try:
        posts.correct(post, note=form.note(), by=request.user)
    except posts.PostError as error:
        form.add_error(None, str(error))
        return _show_correct(request, post, form, status=422)
    messages.success(request, gettext("The note stands on the public page."))
    return to_post(post)


def _show_correct(
    request: StaffRequest, post: Post, form: NoteForm, status: int = 200
) -> HttpResponse:
    context = {"post": post, "form": form, "corrections": post.corrections.all()}
    return render(request, "dashboard/news/correct.html", context, status=status)
