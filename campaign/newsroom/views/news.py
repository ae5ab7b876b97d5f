"""The news: the list with its subjects and its search, and one post."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaign.errors import error_page
from campaign.newsroom import presentation as news
from campaign.newsroom.domain import searching
from campaign.newsroom.models import PhotoFile, Post, Tag
from campaign.newsroom.prose import to_html
from campaign.newsroom.states import PostState
from campaign.newsroom.views.beside import beside
from petitions import clock, fallbacks

_ROWS_A_PAGE = 10
_LONGEST_QUESTION = 100


@require_safe
def news_list(request: HttpRequest) -> HttpResponse:
    """The newest first, of one subject (`?tag=`), with certain words (`?q=`), or all."""
    asked = request.GET.get("q", "").strip()[:_LONGEST_QUESTION]
    words = searching.words(asked)
    tags = list(Tag.objects.filter(posts__in=Post.objects.public()).distinct())
    slug = request.GET.get("tag", "")
    tag = next((each for each in tags if each.slug == slug), None)
    posts = Post.objects.public() if tag or not slug else Post.objects.none()
    posts = posts.filter(tags=tag) if tag else posts
    found = searching.find(posts, words).prefetch_related("tags")
    page = Paginator(found, _ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [news.row(post, words) for post in page],
        "asked": asked if words else "",
        "is_filtered": bool(words or slug),
        "tag": tag,
        "tags": tags,
    }
    return render(request, "newsroom/news.html", context)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One post. What was public and was withdrawn is gone; what never was is not found."""
    post = _find(slug)
    if post.state == PostState.WITHDRAWN:
        return error_page(410)
    corrections = list(post.corrections.all())
    context = {
        "post": post,
        "body": to_html(post.body, fallbacks.spoken(post, "body")),
        "corrections": corrections,
        "photos": post.photos.all(),
        "sources": post.sources.all(),
        "borrowed": any(fallbacks.lang(post, name) for name in news.TEXTS)
        or any(fallbacks.lang(correction, "text") for correction in corrections),
        "newer": _newer(post).last(),
        "older": _older(post).first(),
        **beside(reverse("article", args=[post.slug]), post.title),
    }
    return render(request, "newsroom/article.html", context)


def _find(slug: str) -> Post:
    was_public = Post.objects.filter(published_at__lte=clock.db_now())
    rows = was_public.exclude(state=PostState.DRAFT).prefetch_related(
        "tags",
        "corrections",
        "sources",
        "photos",
        # The pictures themselves come by their own addresses.
        Prefetch("photos__files", PhotoFile.objects.defer("content")),
    )
    found: Post = get_object_or_404(rows, slug=slug)
    return found


def _newer(post: Post) -> Any:
    same = Q(published_at=post.published_at, pk__gt=post.pk)
    return Post.objects.public().filter(Q(published_at__gt=post.published_at) | same)


def _older(post: Post) -> Any:
    same = Q(published_at=post.published_at, pk__lt=post.pk)
    return Post.objects.public().filter(Q(published_at__lt=post.published_at) | same)
