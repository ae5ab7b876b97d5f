"""News by mail on the desk: written, looked at, sent to those who asked for it, stopped."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.factors import confirm_url, stale_factor
from campaign.accounts.roles import Permission
from campaign.dashboard.news_mail_forms import NewsForm, SendForm, prefill
from campaign.newsroom.models import Post
from petitions import formats
from petitions.domain import composing, news_mails
from petitions.domain.text_names import language_name
from petitions.models import NewsMail, Petition
from petitions.states import NewsState


def _petition(slug: str) -> Petition:
    petition: Petition = get_object_or_404(Petition.objects.signed_here(), slug=slug)
    return petition


def _news(slug: str, news: int) -> NewsMail:
    known = NewsMail.objects.select_related("petition", "started_by")
    return get_object_or_404(known, petition__slug=slug, pk=news)


def _to_news(news: NewsMail) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:news-mail", args=[news.petition.slug, news.pk]))


@require_safe
@needs(Permission.SEND_NEWS)
def news_list(request: StaffRequest, slug: str) -> HttpResponse:
    """What was written and sent, and how many have asked for news."""
    petition = _petition(slug)
    context = {
        "petition": petition,
        "readers": _readers(petition),
        "number": sum(news_mails.by_language(petition).values()),
        "rows": [
            {"news": news, "progress": news_mails.progress(news)}
            for news in petition.news_mails.select_related("started_by")
        ],
    }
    return render(request, "dashboard/news_mails/list.html", context)


def _readers(petition: Petition) -> list[dict[str, Any]]:
    """How many read which language."""
    return [
        {"language": language_name(code), "number": number}
        for code, number in news_mails.by_language(petition).items()
    ]


# --- writing ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.SEND_NEWS)
def new_news(request: StaffRequest, slug: str) -> HttpResponse:
    """An empty form, or one with a post's title and summary (`?post=slug`)."""
    petition = _petition(slug)
    if request.method != "POST":
        post = Post.objects.public().filter(slug=request.GET.get("post", "")).first()
        form = NewsForm(petition=petition, initial=prefill(post) if post else {})
        return _show_form(request, petition, form)
    form = NewsForm(request.POST, petition=petition)
    if not form.is_valid():
        return _show_form(request, petition, form, status=422)
    news = news_mails.write(petition, texts=form.texts(), path=form.path(), by=request.user)
    return _to_news(news)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.SEND_NEWS)
def text(request: StaffRequest, slug: str, news: int) -> HttpResponse:
    """The same form for a draft."""
    row = _news(slug, news)
    if request.method != "POST":
        return _show_form(request, row.petition, NewsForm.stored(row), news=row)
    form = NewsForm(request.POST, petition=row.petition)
    if not form.is_valid():
        return _show_form(request, row.petition, form, news=row, status=422)
    try:
        news_mails.rewrite(row, texts=form.texts(), path=form.path(), by=request.user)
    except news_mails.NewsError as error:
        form.add_error(None, str(error))
        return _show_form(request, row.petition, form, news=row, status=422)
    return _to_news(row)


def _show_form(
    request: StaffRequest,
    petition: Petition,
    form: NewsForm,
    *,
    news: NewsMail | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"petition": petition, "form": form, "news": news}
    return render(request, "dashboard/news_mails/write.html", context, status=status)


@require_POST
@needs(Permission.SEND_NEWS)
def delete(request: StaffRequest, slug: str, news: int) -> HttpResponse:
    """Throws a draft away."""
    row = _news(slug, news)
    try:
        news_mails.discard(row)
    except news_mails.NewsError as error:
        messages.error(request, str(error))
        return _to_news(row)
    messages.success(request, gettext("The draft is deleted."))
    return HttpResponseRedirect(reverse("desk:news-mails", args=[slug]))


# --- looking ---------------------------------------------------------------------------------


@require_safe
@needs(Permission.SEND_NEWS)
def news_page(request: StaffRequest, slug: str, news: int) -> HttpResponse:
    """The mail as its readers get it, language by language; once sent, also how far it is."""
    row = _news(slug, news)
    language = request.GET.get("lang", "")
    language = language if language in formats.LOCALES else request.user.language
    context = {
        "petition": row.petition,
        "news": row,
        "is_draft": row.state == NewsState.DRAFT,
        "is_under_way": row.state == NewsState.SENDING,
        "progress": news_mails.progress(row),
        "to_look_at": [
            f"{language_name(each.language)}: {each.text}"
            for each in news_mails.findings(row.petition, news_mails.texts_of(row))
        ],
        "tabs": [
            {"code": code, "label": language_name(code), "is_current": code == language}
            for code in formats.LOCALES
        ],
        "html_lang_shown": formats.HTML_LANGUAGES[language],
        "mail": composing.news(row, language),
        "mail_shown": _shown(row, language),
        "own_address": request.user.email,
    }
    return render(request, "dashboard/news_mails/news.html", context)


def _shown(news: NewsMail, language: str) -> str:
    """The HTML part's words as this page may show them: our pages allow no styles of a mail."""
    with translation.override(language):
        content = composing.news_content(news, language)
        return render_to_string("dashboard/news_mails/_mail.html", content)


@require_POST
@needs(Permission.SEND_NEWS)
def test(request: StaffRequest, slug: str, news: int) -> HttpResponse:
    """To whoever presses, and nobody else."""
    row = _news(slug, news)
    news_mails.send_test(row, to=request.user.email)
    messages.success(
        request,
        gettext("Three tests, one in each language, are on their way to %(address)s.")
        % {"address": request.user.email},
    )
    return _to_news(row)


# --- sending ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.SEND_NEWS)
def send(request: StaffRequest, slug: str, news: int) -> HttpResponse:
    """First to how many in which languages, then the button; a log-in of the last minutes."""
    row = _news(slug, news)
    if row.state != NewsState.DRAFT:
        # Pressed twice, or sent meanwhile by somebody else.
        return _to_news(row)
    if request.method != "POST":
        detour = confirm_url(request)
        if detour:
            return HttpResponseRedirect(detour)
        return _show_send(request, row, SendForm(initial={"based_on": news_mails.digest(row)}))
    return _start(request, row, SendForm(request.POST))


def _start(request: StaffRequest, row: NewsMail, form: SendForm) -> HttpResponse:
    if stale_factor(request):
        form.add_error(None, gettext("Your log-in is older than 5 minutes. Confirm it, then send"))
        return _show_send(request, row, form, status=403)
    if not form.is_valid():
        return _show_send(request, row, form, status=422)
    try:
        news_mails.start(row, based_on=form.cleaned_data["based_on"], by=request.user)
    except news_mails.NewsError as error:
        form.add_error(None, str(error))
        return _show_send(request, row, form, status=422)
    messages.success(request, gettext("The news is on its way."))
    return _to_news(row)


def _show_send(
    request: StaffRequest, news: NewsMail, form: SendForm, status: int = 200
) -> HttpResponse:
    readers = news_mails.by_language(news.petition)
    context = {
        "petition": news.petition,
        "news": news,
        "form": form,
        "confirm_url": confirm_url(request),
        "number": sum(readers.values()),
        "readers": _readers(news.petition),
    }
    return render(request, "dashboard/news_mails/send.html", context, status=status)


@require_POST
@needs(Permission.SEND_NEWS)
def stop(request: StaffRequest, slug: str, news: int) -> HttpResponse:
    """Drops what has not left, and says how many had."""
    row = _news(slug, news)
    if news_mails.stop(row, by=request.user):
        sent = formats.number(news_mails.progress(row).sent)
        text = gettext("Stopped. Left before: %(number)s.") % {"number": sent}
        messages.success(request, text)
    else:
        messages.error(request, gettext("There is nothing to stop."))
    return _to_news(row)
