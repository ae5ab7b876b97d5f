"""News by mail on the desk: from the form to the last mail, and who may not."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaign.accounts.roles import Role
from campaign.newsroom.models import Post
from campaign.newsroom.states import PostState
from petitions import tasks
from petitions.domain import delivering, news_mails
from petitions.domain.delivering import drain
from petitions.models import Delivery, NewsMail, Petition
from petitions.states import NewsState
from tests import pages
from tests.factories import news_mails as news
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO = True
    monkeypatch.setattr(delivering, "ROUND_SECONDS", 60.0)


def _path(petition: Petition, rest: str = "") -> str:
    return f"/desk/petitions/{petition.slug}/news/{rest}"


def _typed(**changes: str) -> dict[str, str]:
    texts = {
        f"{name}_{code}": text
        for name, wording in news.TEXTS.items()
        for code, text in wording.items()
    }
    return {**texts, "post": "", **changes}


def _post(state: PostState = PostState.PUBLISHED) -> Post:
    texts = {
        f"{field}_{code}": f"{field} {code}"
        for field in ("title", "summary", "body")
        for code in ("en", "fr", "km")
    }
    return Post.objects.create(slug="a-walk", state=state, published_at=timezone.now(), **texts)


def test_from_an_empty_form_to_the_last_mail(petition: Petition, organizer: Client) -> None:
    news.subscribe(petition, "sok@example.org", "dara@example.org", language="km")
    news.subscribe(petition, "amie@example.org", language="fr")
    text = pages.main_text(organizer.get(_path(petition)))
    assert "3 people have asked for news of this petition. English 0French 1Khmer 2" in text
    page = organizer.post(_path(petition, "new/"), _typed(), follow=True)
    written = NewsMail.objects.get()
    assert "SubjectNews that you asked for" in pages.main_text(page)
    organizer.post(_path(petition, f"{written.pk}/test/"))
    drain()
    assert len(mail.outbox) == 3
    assert {message.to[0][:7] for message in mail.outbox} == {"person-"}
    sure = organizer.get(_path(petition, f"{written.pk}/send/"))
    assert "Send it to 3 people" in pages.main_text(sure)
    based_on = sure.context["form"]["based_on"].value()
    mail.outbox.clear()
    organizer.post(_path(petition, f"{written.pk}/send/"), {"based_on": based_on})
    tasks.advance()
    drain()
    tasks.advance()
    assert len(mail.outbox) == 3
    done = pages.main_text(organizer.get(_path(petition, f"{written.pk}/")))
    assert "Had asked for news3 Sent3 Still waiting0" in done
    assert "Stop sending" not in done


def test_what_was_typed_is_kept_with_what_is_wrong(petition: Petition, organizer: Client) -> None:
    page = organizer.post(_path(petition, "new/"), _typed(heading_km="", text_en="At 9 o'clock."))
    text = pages.main_text(page)
    assert page.status_code == 422
    assert "Enter “Heading” in Khmer" in text
    assert "Figures that are not here: 9" in text
    assert "At 9 o&#x27;clock." in page.content.decode()
    assert not NewsMail.objects.exists()


def test_a_draft_is_changed_and_deleted(petition: Petition, organizer: Client) -> None:
    written = news.draft(petition)
    page = organizer.get(_path(petition, f"{written.pk}/text/"))
    assert "Nous marchons ensemble." in page.content.decode()
    changed = _typed(text_en="We walk.\r\n\r\nBring water.")
    organizer.post(_path(petition, f"{written.pk}/text/"), changed)
    written.refresh_from_db()
    assert written.text_en == "We walk.\n\nBring water."  # type: ignore[attr-defined]
    organizer.post(_path(petition, f"{written.pk}/delete/"))
    assert not NewsMail.objects.exists()


def test_a_post_is_announced_with_its_title_its_summary_and_a_link(
    petition: Petition, organizer: Client
) -> None:
    _post()
    page = organizer.get(_path(petition, "new/?post=a-walk"))
    form = page.context["form"]
    assert (form["heading_fr"].value(), form["text_km"].value()) == ("title fr", "summary km")
    organizer.post(_path(petition, "new/"), _typed(post="a-walk"))
    written = NewsMail.objects.get()
    shown = organizer.get(_path(petition, f"{written.pk}/?lang=fr"))
    assert "http://testserver/fr/news/a-walk/" in pages.main_text(shown)


def test_a_post_that_nobody_may_read_is_not_linked_to(
    petition: Petition, organizer: Client
) -> None:
    _post(PostState.DRAFT)
    assert organizer.get(_path(petition, "new/?post=a-walk")).context["form"].initial == {}
    page = organizer.post(_path(petition, "new/"), _typed(post="a-walk"))
    assert "Select a post that everybody may read" in pages.main_text(page)


def test_sending_wants_a_log_in_of_the_last_minutes(petition: Petition, organizer: Client) -> None:
    news.subscribe(petition, "sok@example.org")
    written = news.draft(petition)
    people.age_session(organizer, minutes=6)
    path = _path(petition, f"{written.pk}/send/")
    assert "/reauthenticate/" in organizer.get(path)["Location"]
    page = organizer.post(path, {"based_on": news_mails.digest(written)})
    assert page.status_code == 403
    written.refresh_from_db()
    assert written.state == NewsState.DRAFT


def test_a_text_changed_meanwhile_is_read_again(petition: Petition, organizer: Client) -> None:
    news.subscribe(petition, "sok@example.org")
    written = news.draft(petition)
    path = _path(petition, f"{written.pk}/send/")
    page = organizer.post(path, {"based_on": "of another text"})
    assert "Somebody has changed this news meanwhile." in pages.main_text(page)
    assert page.status_code == 422


def test_stopping_says_how_many_had_left(petition: Petition, organizer: Client) -> None:
    news.subscribe(petition, "sok@example.org", "dara@example.org")
    written = news.draft(petition)
    news_mails.start(written, based_on=news_mails.digest(written), by=people.person())
    tasks.advance()
    under_way = pages.main_text(organizer.get(_path(petition, f"{written.pk}/")))
    assert "Still waiting2" in under_way
    page = organizer.post(_path(petition, f"{written.pk}/stop/"), follow=True)
    assert "Stopped. Left before: 0." in page.content.decode()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}
    again = organizer.post(_path(petition, f"{written.pk}/stop/"), follow=True)
    assert "There is nothing to stop." in again.content.decode()


def test_a_draft_stands_among_what_is_to_do(petition: Petition, organizer: Client) -> None:
    news.draft(petition)
    text = pages.main_text(organizer.get(f"/desk/?petition={petition.slug}"))
    assert "1 piece of news by e-mail is written and not sent." in text
    briefer = people.log_in(people.person(Role.BRIEFER))
    assert "piece of news" not in pages.main_text(briefer.get("/desk/"))


def test_news_of_another_petition_is_not_found(petition: Petition, organizer: Client) -> None:
    other = news.draft(petition)
    assert organizer.get(f"/desk/petitions/elsewhere/news/{other.pk}/").status_code == 404
