"""The sources of a post on the desk: several rows, saved together."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard.news_text import may_write, saved_answer
from campaign.dashboard.source_forms import SourcesForm
from campaign.newsroom.domain import posts, sources
from campaign.newsroom.models import Post


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_NEWS)
def post_sources(request: StaffRequest, number: int) -> HttpResponse:
    """The rows that there are and two empty ones; "Save and add more" brings the next two."""
    post = get_object_or_404(Post, pk=number)
    if request.method != "POST":
        return _show(request, post, SourcesForm.stored(post))
    form = SourcesForm.posted(request.POST, post)
    if not may_write(request, post):
        form.add_error(None, gettext("Everybody reads it: ask an organizer to change the sources"))
    if not form.is_valid():
        return _show(request, post, form, status=422)
    try:
        sources.save(post, form.sources(), based_on=form.cleaned_data["based_on"])
    except posts.PostError as error:
        if isinstance(error, posts.StaleError):
            form = SourcesForm.overtaken(request.POST, post)
        form.add_error(None, str(error))
        return _show(request, post, form, status=422)
    if request.POST.get("act") == "more" and not posts.is_public(post):
        messages.success(request, gettext("The sources are saved."))
        return HttpResponseRedirect(reverse("desk:news-sources", args=[post.pk]) + "#sources")
    return saved_answer(request, post, gettext("The sources are saved."))


def _show(request: StaffRequest, post: Post, form: SourcesForm, status: int = 200) -> HttpResponse:
    reason = posts.reason_against_writing(post)
    context = {
        "post": post,
        "form": form,
        "rows": form.rows(),
        "sources": post.sources.all(),
        "reason": reason,
        # What was typed may not be lost by a look at a page where it can no longer be saved.
        "may_be_written": (not reason and may_write(request, post)) or form.is_bound,
        "is_public": posts.is_public(post),
    }
    return render(request, "dashboard/news/sources.html", context, status=status)
