"""Quotes for Members: only by consent, two at most, and gone when it is taken back."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from pypdf import PdfReader
from pytest_django import Settings

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from campaign.parliament.domain import briefings, quotes
from campaign.parliament.domain.quotes import Said
from campaign.parliament.models import Quote, QuoteConsent
from campaign.parliament.printing import render
from petitions import clock
from petitions.models import Petition
from tests.factories import parliament, people
from tests.pages import field_errors, main_text

pytestmark = pytest.mark.django_db
WORDS = {"en": "I left in 1979.", "fr": "Je suis parti en 1979.", "km": "ខ្ញុំចេញមកឆ្នាំ1979។"}
SPEAKER = {"en": "a grandfather", "fr": "un grand-père", "km": "ជីតាម្នាក់"}


@pytest.fixture
def briefer() -> User:
    return people.person(Role.BRIEFER)


def _add(petition: Petition, by: User, **changes: object) -> Quote:
    values = {"consent": QuoteConsent.LETTER, "consented_on": clock.today()} | changes
    said = values.pop("said", Said(WORDS, SPEAKER))
    return quotes.add(petition, said, by=by, **values)  # type: ignore[arg-type]


def _form(**changes: str) -> dict[str, str]:
    texts = {f"text_{code}": text for code, text in WORDS.items()}
    speakers = {f"speaker_{code}": text for code, text in SPEAKER.items()}
    when = {"consent": "letter", "consented_on": clock.today().isoformat()}
    return {**texts, **speakers, **when, **changes}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"said": Said(WORDS | {"fr": ""}, SPEAKER)}, quotes.UnwrittenError),
        ({"said": Said(WORDS, SPEAKER | {"en": ""})}, quotes.UnwrittenError),
        ({"said": Said(WORDS | {"km": "ក" * 241}, SPEAKER)}, quotes.TooLongError),
        ({"said": Said(WORDS, SPEAKER | {"fr": "a" * 81})}, quotes.TooLongError),
        ({"consented_on": date(2999, 1, 1)}, quotes.FutureConsentError),
    ],
    ids=["French missing", "speaker missing", "long", "long speaker", "future"],
)
def test_what_cannot_be_printed_is_not_kept(
    petition: Petition, briefer: User, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        _add(petition, briefer, **changes)
    assert not Quote.objects.exists()


def test_two_are_printed_and_a_third_waits(petition: Petition, briefer: User) -> None:
    first, second, third = (_add(petition, briefer) for _turn in range(3))
    assert quotes.printed(petition) == [first, second]
    with pytest.raises(quotes.EnoughPrintedError):
        quotes.set_printed(third, is_printed=True)
    quotes.set_printed(first, is_printed=False)
    quotes.set_printed(third, is_printed=True)
    assert quotes.printed(petition) == [second, third]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_second_page_quotes_in_the_language_of_the_member(
    petition: Petition, briefer: User, language: str
) -> None:
    _add(petition, briefer)
    draft = briefings.draft(parliament.member(), petition=petition, language=language, pages=2)
    draft.pk = 1
    text = " ".join(PdfReader(BytesIO(render(draft))).pages[1].extract_text().split())
    assert WORDS[language] in text
    assert SPEAKER[language] in text


def test_whoever_no_longer_agrees_is_nowhere_any_more(petition: Petition, briefer: User) -> None:
    """Neither in the table, with its copy beside the languages, nor in a page made before."""
    gone, stays = _add(petition, briefer), _add(petition, briefer, said=Said(SPEAKER, WORDS))
    briefing = briefings.draft(parliament.member(), petition=petition, language="fr", pages=2)
    briefing.made_by = briefer
    briefing.save()

    quotes.withdraw(gone, by=briefer)

    briefing.refresh_from_db()
    assert [each["id"] for each in briefing.content["quotes"]] == [stays.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM parliament_quote WHERE id = %s", [gone.pk])
        row = " ".join(str(value) for value in cursor.fetchone())
    assert not any(word in row for word in (*WORDS.values(), *SPEAKER.values()))
    gone.refresh_from_db()
    assert (gone.withdrawn_by, gone.is_printed) == (briefer, False)
    quotes.set_printed(gone, is_printed=True)
    assert quotes.printed(petition) == [stays]


# --- the page --------------------------------------------------------------------------------


def _page(petition: Petition) -> str:
    return f"/desk/parliament/quotes/{petition.slug}/"


def test_a_briefer_keeps_a_quote_and_erases_it(
    petition: Petition, briefer: User, settings: Settings
) -> None:
    settings.DEMO = True
    client = people.log_in(briefer)
    assert client.post(_page(petition), _form()).status_code == 302
    (quote,) = quotes.printed(petition)
    assert WORDS["en"] in main_text(client.get(_page(petition)))

    client.post(f"/desk/parliament/quotes/{quote.pk}/change/", {"act": "withdraw"})

    shown = main_text(client.get(_page(petition)))
    assert WORDS["en"] not in shown
    assert "1 person no longer agreed" in shown


def test_what_is_missing_is_said_and_what_was_typed_stays(
    petition: Petition, briefer: User, settings: Settings
) -> None:
    settings.DEMO = True
    client = people.log_in(briefer)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    response = client.post(_page(petition), _form(text_fr="", consent="", consented_on=tomorrow))
    assert response.status_code == 422
    assert field_errors(response) == {
        "text_fr": ["Write it in English and in French"],
        "consent": ["Select how the person agreed"],
        "consented_on": ["Date must not be in the future"],
    }
    assert WORDS["en"] in response.text
    assert not Quote.objects.exists()
