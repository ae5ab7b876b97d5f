"""News on the desk: all posts with what each lacks, a new one, and a post's own page."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import news_wording as wording
from campaign.dashboard import translation_table
from campaign.dashboard.news_forms import DetailsForm, NewPostForm, PhotoForm
from campaign.newsroom import texts
from campaign.newsroom.domain import photos, pictures, posts
from campaign.newsroom.domain.posts import PostError
from campaign.newsroom.models import Photo, Post
from campaign.newsroom.states import PostState
from petitions import formats
from petitions.domain import translating
from petitions.domain.gate import MOST_NAMED
from petitions.domain.text_names import language_name
from petitions.models import Petition
from petitions.states import TextStatus

_PAGE = 20


@require_safe
@needs(Permission.WRITE_NEWS)
def post_list(request: StaffRequest) -> HttpResponse:
    """What is being written first, then the newest."""
    found = texts.rows("post").order_by(F("published_at").desc(nulls_first=True), "-pk")
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _rows(list(page.object_list))}
    return render(request, "dashboard/news/list.html", context)


def _rows(found: Sequence[Post]) -> list[dict[str, Any]]:
    """By post where it stands, in as many queries as for one."""
    subjects = {post.pk: texts.subject_of(post) for post in found}
    states = translating.states_of_all(list(subjects.values()))
    public = set(Post.objects.public().filter(pk__in=subjects).values_list("pk", flat=True))
    return [
        {
            "post": post,
            **_mark(post, is_public=post.pk in public),
            "bars": translation_table.bars(subjects[post.pk], states[post.pk]),
        }
        for post in found
    ]


def _mark(post: Post, *, is_public: bool) -> dict[str, str]:
    return {
        "label": wording.label(post, is_public=is_public),
        "tag": wording.tag(post, is_public=is_public),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_NEWS)
def new_post(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return _show_new(request, NewPostForm(initial={"language": request.user.language}))
    form = NewPostForm(request.POST)
    if not form.is_valid():
        return _show_new(request, form, status=422)
    try:
        post = posts.create(**form.cleaned_data, by=request.user)
    except posts.AddressError as error:
        form.add_error("slug", str(error))
        return _show_new(request, form, status=422)
    return HttpResponseRedirect(reverse("desk:news-text", args=[post.pk]))


def _show_new(request: StaffRequest, form: NewPostForm, status: int = 200) -> HttpResponse:
    return render(request, "dashboard/news/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_NEWS)
def post_page(request: StaffRequest, number: int) -> HttpResponse:
    """Where it stands and what comes next; its address and tags, its photographs, its notes."""
    post = get_object_or_404(Post, pk=number)
    if request.method != "POST":
        return _show(request, post)
    form = DetailsForm(request.POST, post=post)
    if not form.is_valid():
        return _show(request, post, details=form)
    try:
        posts.save_details(post, **form.cleaned_data)
    except PostError as error:
        form.add_error("slug", str(error))
        return _show(request, post, details=form)
    messages.success(request, gettext("The details are saved."))
    return to_post(post)


def to_post(post: Post) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:news-post", args=[post.pk]))


def _show(
    request: StaffRequest,
    post: Post,
    *,
    details: DetailsForm | None = None,
    photo_form: PhotoForm | None = None,
) -> HttpResponse:
    context = {
        **_standing(post),
        "details": details or DetailsForm(post=post),
        "photo_form": photo_form or PhotoForm(),
        "refused": next((form for form in (details, photo_form) if form is not None), None),
        "photos": _photos(post),
        "sources": post.sources.all(),
        "may_add_photos": post.state == PostState.DRAFT and post.photos.count() < photos.MOST,
        "corrections": post.corrections.all(),
        "may_publish": request.user.may(Permission.PUBLISH_NEWS),
        "announce_to": _announce_to(request),
    }
    status = 422 if context["refused"] else 200
    return render(request, "dashboard/news/post.html", context, status=status)


def _announce_to(request: StaffRequest) -> Petition | None:
    """The petition whose readers may be mailed of a post: the one that is signed now."""
    if not request.user.may(Permission.SEND_NEWS):
        return None
    found: Petition | None = Petition.objects.signed_here().public().first()
    return found


def _standing(post: Post) -> dict[str, Any]:
    is_public = posts.is_public(post)
    subject = texts.subject_of(post)
    reasons = posts.reasons_against(post) if post.state == PostState.DRAFT else []
    return {
        "post": post,
        "is_public": is_public,
        "is_draft": post.state == PostState.DRAFT,
        "is_scheduled": post.state == PostState.PUBLISHED and not is_public,
        **_mark(post, is_public=is_public),
        "sentence": wording.sentence(post, is_public=is_public),
        "bars": translation_table.bars(subject, translating.states(subject)),
        "reasons": reasons[:MOST_NAMED],
        "more_reasons": len(reasons[MOST_NAMED:]),
    }


def _photos(post: Post) -> list[dict[str, Any]]:
    """Each with the languages in which nobody has said yet what it shows."""
    states = translating.states(texts.subject_of(post))
    return [
        {
            "photo": photo,
            "lacks": [
                language_name(code)
                for code in formats.LOCALES
                if states[f"alt_{photo.position}", code].status == TextStatus.MISSING
            ],
        }
        for photo in post.photos.prefetch_related("files")
    ]


# --- photographs -----------------------------------------------------------------------------


@require_POST
@needs(Permission.WRITE_NEWS)
def add_photo(request: StaffRequest, number: int) -> HttpResponse:
    post = get_object_or_404(Post, pk=number)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, post, photo_form=form)
    try:
        photos.add(post, form.cleaned_data["file"], by=request.user)
    except (PostError, pictures.PictureError) as error:
        form.add_error("file", str(error))
        return _show(request, post, photo_form=form)
    messages.success(
        request, gettext("The photograph is taken in. Say in three languages what it shows.")
    )
    return _to_photos(post)


@require_POST
@needs(Permission.WRITE_NEWS)
def change_photo(request: StaffRequest, number: int, photo: int) -> HttpResponse:
    """One place up, or out: as the button says."""
    found: Photo = get_object_or_404(Photo.objects.select_related("post"), post=number, pk=photo)
    if request.POST.get("act") == "remove":
        photos.remove(found, by=request.user)
        messages.success(request, gettext("The photograph is removed, with all its files."))
        return _to_photos(found.post)
    try:
        photos.move_up(found, by=request.user)
    except PostError as error:
        messages.error(request, str(error))
    return _to_photos(found.post)


def _to_photos(post: Post) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:news-post", args=[post.pk]) + "#photographs")
