"""Writing news: the texts in three languages, and what they will look like."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard.news import to_post
from campaign.dashboard.news_forms import PostTextsForm
from campaign.newsroom.domain import posts
from campaign.newsroom.models import Post
from campaign.newsroom.prose import to_html
from petitions import formats
from petitions.domain.text_names import language_name


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_NEWS)
def text(request: StaffRequest, number: int) -> HttpResponse:
    """Three languages side by side, bodies with what they become; "Preview" stores nothing."""
    post = get_object_or_404(Post, pk=number)
    if request.method != "POST":
        return _show(request, post, PostTextsForm.stored(post))
    if request.POST.get("act") == "preview":
        form = PostTextsForm.typed(request.POST, post)
        return _show(request, post, form, is_unsaved=True)
    form = PostTextsForm(request.POST, post=post)
    if not may_write(request, post):
        form.add_error(None, gettext("Everybody reads it: ask an organizer to change the texts"))
    return _save(request, post, form)


def _save(request: StaffRequest, post: Post, form: PostTextsForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, post, form, status=422)
    based_on = form.cleaned_data["based_on"]
    try:
        posts.save_texts(post, wordings=form.wordings(), based_on=based_on, by=request.user)
    except posts.PostError as error:
        if isinstance(error, posts.StaleError):
            form = PostTextsForm.overtaken(request.POST, post)
        form.add_error(None, str(error))
        return _show(request, post, form, status=422)
    return saved_answer(request, post, gettext("The texts are saved."))


def saved_answer(request: StaffRequest, post: Post, text: str) -> HttpResponse:
    """Back to the post; of what everybody reads, first to the note that says what changed."""
    if posts.is_public(post):
        messages.warning(
            request, gettext("Readers see the change now. Tell them by a note what it was.")
        )
        return HttpResponseRedirect(reverse("desk:news-correct", args=[post.pk]))
    messages.success(request, text)
    return to_post(post)


def may_write(request: StaffRequest, post: Post) -> bool:
    """What everybody reads is changed by whoever may publish."""
    return request.user.may(Permission.PUBLISH_NEWS) or not posts.is_public(post)


def _show(
    request: StaffRequest,
    post: Post,
    form: PostTextsForm,
    *,
    status: int = 200,
    is_unsaved: bool = False,
) -> HttpResponse:
    reason = posts.reason_against_writing(post)
    context = {
        "post": post,
        "form": form,
        "rows": form.rows(),
        "reason": reason,
        # What was typed may not be lost by a look at a page where it can no longer be saved.
        "may_be_written": (not reason and may_write(request, post)) or form.is_bound or is_unsaved,
        "is_public": posts.is_public(post),
        "is_unsaved": is_unsaved,
    }
    return render(request, "dashboard/news/text.html", context, status=status)


@require_POST
@needs(Permission.WRITE_NEWS)
def live_preview(request: StaffRequest) -> HttpResponse:
    """A typed body as HTML, for the page that asks while somebody types."""
    language = request.POST.get("language", "")
    if language not in formats.LOCALES:
        language = formats.current()
    return HttpResponse(to_html(request.POST.get("text", "")[: posts.LIMITS["body"]], language))


@require_safe
@needs(Permission.WRITE_NEWS)
def preview(request: StaffRequest, number: int) -> HttpResponse:
    """The whole article in one language, as everybody will read it."""
    post = get_object_or_404(Post, pk=number)
    language = request.GET.get("lang", "")
    language = language if language in formats.LOCALES else formats.current()
    context = {
        "post": post,
        "tabs": [
            {"code": code, "label": language_name(code), "is_current": code == language}
            for code in formats.LOCALES
        ],
        "html_lang_shown": formats.HTML_LANGUAGES[language],
        "article": _article(post, language),
        "sources": post.sources.all(),
    }
    return render(request, "dashboard/news/preview.html", context)


def _article(post: Post, language: str) -> dict[str, Any]:
    """All of it in the words of that language, "" where they are not written."""
    written = {
        name: getattr(post, f"{name}_{language}") or ""
        for name in ("title", "summary", "body", "author")
    }
    with translation.override(language):
        return {
            **written,
            "body": to_html(written["body"]),
            "day": formats.long_date(post.published_at) if post.published_at else "",
            "photos": [
                render_to_string("components/photo.html", {"photo": photo})
                for photo in post.photos.prefetch_related("files")
            ],
            "sources_heading": pgettext("of news", "Sources"),
            "tags": [tag.name for tag in post.tags.all()],
        }
