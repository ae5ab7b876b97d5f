"""Words of the mails: neutral outside, useful inside, silent about the person, easy to read."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from petitions.domain import addresses, mailing, news_mails, tokens
from petitions.domain.composing import Drop, compose
from petitions.models import Delivery, Milestone, Petition, Signature, Subscription, Tally
from petitions.states import DeliveryKind
from tests.factories import news_mails as news_factory
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "fr", "km")
ADDRESS = "dara.sok.1979@example.org"
#: With an apostrophe and an ampersand, which must stay themselves in plain text.
TITLES = {
    "title_en": "Ask for the people's vote & for peace",
    "title_fr": "Pour l'élection & pour la paix",
    "title_km": "សូមឱ្យមានការបោះឆ្នោត & សន្តិភាព",
}
#: What would tell a stranger who sees the list of mails what was signed.
TELLING = ("cambod", "កម្ពុជា", "parliament", "parlement", "commons", "communes", "សភា", "vote")


def composed(delivery: Delivery) -> EmailMultiAlternatives:
    message = compose(delivery)
    assert not isinstance(message, Drop)
    return message


def confirm_signature(petition: Petition, language: str) -> EmailMultiAlternatives:
    signature = make.submitted(petition, language=language, email=ADDRESS)
    return composed(Delivery.objects.get(signature=signature))


def already_signed(petition: Petition, language: str) -> EmailMultiAlternatives:
    make.confirmed(petition, language=language, email=ADDRESS)
    return confirm_signature(petition, language)


def confirm_reminder(petition: Petition, language: str) -> EmailMultiAlternatives:
    signature = make.submitted(petition, language=language, email=ADDRESS)
    mailing.sign_mail(signature, kind=DeliveryKind.REMIND).save()
    return composed(Delivery.objects.get(kind=DeliveryKind.REMIND))


def signature_counted(petition: Petition, language: str) -> EmailMultiAlternatives:
    make.confirmed(petition, language=language, email=ADDRESS, wants_news=True)
    Tally.objects.filter(petition=petition).update(total=1234)
    return composed(Delivery.objects.get(kind=DeliveryKind.COUNTED))


def my_signature(petition: Petition, language: str) -> EmailMultiAlternatives:
    make.confirmed(petition, language=language, email=ADDRESS)
    return nothing_signed(petition, language)


def nothing_signed(petition: Petition, language: str) -> EmailMultiAlternatives:
    mailing.queue(
        DeliveryKind.MANAGE,
        petition=None,
        address=addresses.lock(ADDRESS),
        address_index=addresses.site_index(ADDRESS),
        language=language,
    )
    return composed(Delivery.objects.get(kind=DeliveryKind.MANAGE))


def goal_reached(petition: Petition, language: str) -> EmailMultiAlternatives:
    Milestone.objects.create(
        petition=petition,
        number=petition.threshold,
        reached_at=datetime(2026, 6, 1, 18, 40, tzinfo=UTC),
    )
    Tally.objects.filter(petition=petition).update(total=512)
    mailing.queue(
        DeliveryKind.GOAL,
        petition=petition,
        address=addresses.lock(ADDRESS),
        address_index=addresses.site_index(ADDRESS),
        language=language,
    )
    return composed(Delivery.objects.get(kind=DeliveryKind.GOAL))


def news(petition: Petition, language: str) -> EmailMultiAlternatives:
    written = news_factory.draft(petition, path="news/a-walk/")
    news_factory.subscribe(petition, ADDRESS, language=language)
    news_mails.start(written, based_on=news_mails.digest(written), by=people.person())
    news_mails.send_due()
    return composed(Delivery.objects.get(kind=DeliveryKind.NEWS))


Make = Callable[[Petition, str], EmailMultiAlternatives]
MAILS: tuple[Make, ...] = (
    confirm_signature,
    confirm_reminder,
    already_signed,
    signature_counted,
    my_signature,
    nothing_signed,
    goal_reached,
    news,
)
each_mail = pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.__name__)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def titled(db: None) -> Petition:
    return make.open_petition(**TITLES)


def text_of(message: EmailMultiAlternatives) -> str:
    return str(message.body)


def html_of(message: EmailMultiAlternatives) -> str:
    [alternative] = message.alternatives
    assert alternative.mimetype == "text/html"
    return str(alternative.content)


def links_in_text(message: EmailMultiAlternatives) -> list[str]:
    return [line for line in text_of(message).splitlines() if line.startswith("http")]


@each_language
@each_mail
def test_subject_is_neutral(titled: Petition, mail: Make, language: str) -> None:
    subject = str(mail(titled, language).subject).lower()
    told = [word for word in (*TITLES.values(), *TELLING) if word.lower() in subject]
    assert (told, "\n" in subject, subject == "") == ([], False, False)


@each_language
@each_mail
def test_mail_says_nothing_of_the_person(titled: Petition, mail: Make, language: str) -> None:
    message = mail(titled, language)
    everything = f"{message.subject}\n{text_of(message)}\n{html_of(message)}".lower()
    person = ("dara", "sok", ADDRESS, "v3b", "1a1", "british columbia", "colombie", "ខូឡុំប៊ី")
    assert [word for word in person if word in everything] == []


@each_language
@each_mail
def test_plain_text_has_no_entities(titled: Petition, mail: Make, language: str) -> None:
    assert re.findall(r"&#?\w+;", text_of(mail(titled, language))) == []


@each_language
@each_mail
def test_plain_text_has_single_blank_lines(titled: Petition, mail: Make, language: str) -> None:
    text = text_of(mail(titled, language))
    assert (text, "\n\n\n" in text) == (text.strip() + "\n", False)


@each_language
@each_mail
def test_plain_text_ends_with_who_wrote_it(titled: Petition, mail: Make, language: str) -> None:
    name, contact, _notice = text_of(mail(titled, language)).splitlines()[-3:]
    assert (bool(name), contact) == (True, settings.PETITIONS_CONTACT_EMAIL)


@each_language
@pytest.mark.parametrize(
    "mail", [confirm_signature, already_signed, signature_counted, my_signature, goal_reached, news]
)
def test_body_names_the_petition(titled: Petition, mail: Make, language: str) -> None:
    assert TITLES[f"title_{language}"] in text_of(mail(titled, language)).splitlines()


@each_language
@each_mail
def test_both_bodies_hold_the_same_links(titled: Petition, mail: Make, language: str) -> None:
    message = mail(titled, language)
    in_html = re.findall(r'href="([^"]*)"', html_of(message))
    ours = {link for link in in_html if not link.startswith("mailto:")}
    assert ours == set(links_in_text(message))
    assert {link[:18] for link in ours} == {"http://testserver/"}


@each_language
@each_mail
def test_html_loads_nothing(titled: Petition, mail: Make, language: str) -> None:
    html = html_of(mail(titled, language))
    assert re.findall(r"<(?:img|link|script|iframe|object)\b|\bsrc=|url\(|@import", html) == []


@each_mail
@pytest.mark.parametrize(("language", "named"), [("en", "en-CA"), ("fr", "fr-CA"), ("km", "km")])
def test_html_names_its_language(titled: Petition, mail: Make, language: str, named: str) -> None:
    assert re.findall(r'<html lang="([^"]*)"', html_of(mail(titled, language))) == [named]


@each_language
def test_confirm_mail_has_link_code_and_the_link_to_share(titled: Petition, language: str) -> None:
    message = confirm_signature(titled, language)
    signature = Signature.objects.get()
    token = tokens.confirm_token(signature.public_id, signature.generation)
    code = tokens.confirm_code(signature.public_id, signature.generation)
    assert links_in_text(message) == [
        f"http://testserver/c/{token}",
        f"http://testserver/{language}/petitions/{titled.slug}/",
    ]
    assert text_of(message).splitlines().count(code) == 1
    assert f">{code}</p>" in html_of(message)


def test_confirm_mail_says_until_when_and_that_the_link_is_ones_own(titled: Petition) -> None:
    signature = make.submitted(titled, language="en")
    sent = datetime(2026, 6, 1, 18, 40, tzinfo=UTC)
    Signature.objects.update(link_sent_at=sent)
    lines = text_of(composed(Delivery.objects.get(signature=signature))).splitlines()
    warning = lines[lines.index(f"http://testserver/en/petitions/{titled.slug}/") - 1]
    assert warning.replace("\u00a0", " ") == (
        "The link works until June 8, 2026, 2:40 p.m. (EDT)."
        " It is only for you: please do not share it. To invite others, share this one:"
    )


def test_preview_shows_the_code_before_the_petition(titled: Petition) -> None:
    html = html_of(confirm_signature(titled, "en"))
    signature = Signature.objects.get()
    code = tokens.confirm_code(signature.public_id, signature.generation)
    assert html.index(f"Your code is {code}.") < html.index("Ask for the people&#x27;s vote")


@each_language
def test_a_repeat_signer_gets_no_capability(titled: Petition, language: str) -> None:
    assert links_in_text(already_signed(titled, language)) == [
        f"http://testserver/{language}/petitions/{titled.slug}/",
        f"http://testserver/{language}/my-signature/",
    ]


@each_language
def test_counted_mail_stops_by_one_link(titled: Petition, language: str) -> None:
    message = signature_counted(titled, language)
    stop = tokens.unsubscribe_token(Subscription.objects.get().public_id)
    assert links_in_text(message) == [
        f"http://testserver/{language}/petitions/{titled.slug}/",
        f"http://testserver/{language}/my-signature/",
        f"http://testserver/u/{stop}",
    ]


@pytest.mark.parametrize(
    ("language", "total", "goal"),
    [("en", "1,234", "500"), ("fr", "1\u00a0234", "500"), ("km", "1,234", "500")],
)
def test_counted_mail_writes_numbers_as_its_language_does(
    titled: Petition, language: str, total: str, goal: str
) -> None:
    numbers = re.findall(r"\d[\d,\u00a0]*\d", text_of(signature_counted(titled, language)))
    assert [number for number in numbers if number in {total, goal}] == [total, goal]


@each_language
def test_my_signature_mail_has_a_link_for_each_petition(titled: Petition, language: str) -> None:
    other = make.open_petition()
    make.confirmed(other, email=ADDRESS)
    lines = text_of(my_signature(titled, language)).splitlines()
    links = {lines[at - 1]: line for at, line in enumerate(lines) if "/m/" in line}
    title = getattr(other, f"title_{language}")
    assert set(links) == {TITLES[f"title_{language}"], title}
    assert len(set(links.values())) == 2


def test_my_signature_mail_names_the_life_of_its_links(titled: Petition) -> None:
    assert timedelta(minutes=30) == tokens.MANAGE_LIFE
    assert "A link works for 30 minutes." in text_of(my_signature(titled, "en"))


@each_language
def test_an_address_that_has_not_signed_is_sent_back_to_ask(
    titled: Petition, language: str
) -> None:
    links = links_in_text(nothing_signed(titled, language))
    assert links == [f"http://testserver/{language}/my-signature/"]


def test_goal_mail_says_when_and_how_many(titled: Petition) -> None:
    lines = text_of(goal_reached(titled, "en")).replace("\u00a0", " ").splitlines()
    assert lines[2] == "On June 1, 2026 this petition reached its goal of 500 confirmed signatures:"
    assert lines[5] == "There are now 512 confirmed signatures. See the petition:"


@each_language
def test_news_comes_in_its_language_with_links_to_this_site_alone(
    titled: Petition, language: str
) -> None:
    message = news(titled, language)
    stop = tokens.unsubscribe_token(Subscription.objects.get().public_id)
    assert links_in_text(message) == [
        f"http://testserver/{language}/news/a-walk/",
        f"http://testserver/{language}/petitions/{titled.slug}/",
        f"http://testserver/{language}/my-signature/",
        f"http://testserver/u/{stop}",
    ]
    assert news_factory.TEXTS["text"][language] in text_of(message)
    assert message.extra_headers["List-Unsubscribe"] == f"<http://testserver/u/{stop}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
