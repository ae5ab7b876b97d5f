"""The page for a Member, read back from the PDF: names, accents, numbers, one page."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.conf import settings
from pypdf import PdfReader
from pytest_django import Settings

from campaign.parliament import printing
from campaign.parliament.domain import brief_texts
from campaign.parliament.domain.brief_texts import LONGEST_ASK, LONGEST_FACT, Line, Texts
from campaign.parliament.models import Briefing
from campaign.parliament.typesetting import TypesettingError
from petitions import qr_codes
from petitions.domain.editing import LANGUAGES
from petitions.domain.ridings import DATA, read_rows
from petitions.models import Member, Petition, Riding
from tests.factories import parliament
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

AS_OF = datetime(2026, 11, 24, 19, 40, tzinfo=UTC)
FULL = {"total": 1412, "province": 1074, "riding": 18, "last_week": 36}
NBSP = "\u00a0"


@pytest.fixture
def petition(db: None) -> Petition:
    petition = make.draft_petition(
        slug="free-elections", threshold=1500, closes_at=AS_OF + timedelta(days=20, hours=1)
    )
    parliament.facts(petition)
    return petition


def _member(english: str, french: str, province: str, **fields: str) -> Member:
    riding = Riding(code=1, name_en=english, name_fr=french, province=province)
    return Member(member_id=1, checked_on=AS_OF.date(), riding=riding, **fields)


LEVIS = _member("Lévis—Lotbinière", "Lévis—Lotbinière", "QC", name="Zoë Gagné-Côté")


def _briefing(
    petition: Petition,
    language: str,
    member: Member = LEVIS,
    numbers: dict[str, int] | None = None,
) -> Briefing:
    return Briefing(
        member=member,
        petition=petition,
        language=language,
        numbers=FULL if numbers is None else numbers,
        as_of=AS_OF,
    )


def _open(briefing: Briefing) -> PdfReader:
    return PdfReader(BytesIO(printing.render(briefing)))


def _text(briefing: Briefing) -> str:
    """The words of the only page, ends of lines as spaces."""
    (page,) = _open(briefing).pages
    return re.sub(r" *\n *", " ", page.extract_text())


# --- reading it back -------------------------------------------------------------------------


def test_it_is_addressed_to_the_member_in_english(petition: Petition) -> None:
    text = _text(_briefing(petition, "en"))
    assert text.startswith("For: Zoë Gagné-Côté, MP Lévis—Lotbinière (Quebec)")
    assert f"November{NBSP}24, 2026" in text
    assert petition.ask_en in text


def test_it_is_addressed_to_the_member_in_french(petition: Petition) -> None:
    text = _text(_briefing(petition, "fr"))
    assert text.startswith(f"À l’intention de{NBSP}: Zoë Gagné-Côté Lévis—Lotbinière (Québec)")
    assert f"24{NBSP}novembre 2026" in text
    assert petition.ask_fr in text


def test_an_honorific_stands_before_the_name(petition: Petition) -> None:
    member = _member("Nunavut", "Nunavut", "NU", name="Lori Idlout", honorific="Hon.")
    assert _text(_briefing(petition, "en", member)).startswith("For: Hon. Lori Idlout, MP Nunavut")


def test_every_number_stands_with_what_it_is_and_its_instant(petition: Petition) -> None:
    text = _text(_briefing(petition, "en"))
    for figure, label in (
        ("1,412", "confirmed signatures collected so far, goal 1,500"),
        ("1,074", "in the province (Quebec)"),
        ("18", "in your riding, estimated from postal codes"),
        ("36", "in the last 7 full days"),
        ("21", f"days left to sign, until December{NBSP}14, 2026"),
    ):
        assert f"{figure} {label}" in text
    assert f"All figures as of November{NBSP}24, 2026, 2:40{NBSP}p.m. (EST)." in text
    assert "left out" not in text


def test_numbers_in_french_have_their_no_break_spaces(petition: Petition) -> None:
    text = _text(_briefing(petition, "fr"))
    assert f"1{NBSP}412 signatures confirmées recueillies à ce jour" in text
    assert f"objectif 1{NBSP}500" in text
    assert "1,412" not in text
    assert f"24{NBSP}novembre 2026, 14{NBSP}h{NBSP}40 (HNE)." in text


def test_a_number_that_is_not_stored_leaves_no_label(petition: Petition) -> None:
    text = _text(_briefing(petition, "en", numbers={"total": 1412, "province": 1074}))
    assert "in your riding" not in text
    assert "who live in your riding" not in text
    assert "last 7 full days" not in text
    assert "fewer than 5 people are left out" in text
    french = _text(_briefing(petition, "fr", numbers={"total": 1412}))
    assert "moins de 5 personnes sont omis" in french


def test_a_goal_that_is_met_is_said_so(petition: Petition) -> None:
    petition.threshold = 1412
    text = _text(_briefing(petition, "en"))
    assert "confirmed signatures; the goal of 1,412 is reached" in text
    assert "so far" not in text


def test_days_are_not_told_after_closing(petition: Petition) -> None:
    petition.closes_at = AS_OF
    assert "left to sign" not in _text(_briefing(petition, "en"))


def test_a_territory_is_not_called_a_province(petition: Petition) -> None:
    text = _text(_briefing(petition, "en", _member("Yukon", "Yukon", "YT", name="A B")))
    assert "in the territory (Yukon)" in text
    assert text.startswith("For: A B, MP Yukon Briefing note")


def test_facts_have_their_sources_and_marked_words_lose_their_marks(petition: Petition) -> None:
    text = _text(_briefing(petition, "fr"))
    for position in (1, 2, 3):
        assert f"Raison {position}. C’est arrivé. [example.org {position}]" in text
    assert "**" not in text


def test_the_answered_petition_is_named_in_what_to_ask(petition: Petition) -> None:
    assert "what the government has done. " in _text(_briefing(petition, "en"))
    petition.follows = Petition(house_number="e-1746")
    assert "since its response to petition e-1746." in _text(_briefing(petition, "en"))


def test_who_sends_it_and_what_it_is_not(petition: Petition, settings: Settings) -> None:
    settings.ORGANIZER_NAME = "Friends of Elections"
    settings.CONTACT_EMAIL = "briefing@example.org"
    text = _text(_briefing(petition, "en"))
    assert "Contact: Friends of Elections briefing@example.org" in text
    assert "not a House of Commons petition." in text


def test_the_petition_page_is_printed_and_linked_in_the_language(petition: Petition) -> None:
    for language in ("en", "fr"):
        briefing = _briefing(petition, language)
        address = f"{settings.PETITIONS_PUBLIC_BASE_URL}/{language}/petitions/free-elections/"
        links = [note.get_object()["/A"]["/URI"] for note in _open(briefing).pages[0]["/Annots"]]
        assert links == [f"mailto:{settings.CONTACT_EMAIL}", address]
        assert address.partition("//")[2].rstrip("/") in _text(briefing)
        assert printing.sheet(briefing)["qr"] == qr_codes.svg(address)


# --- the second page -------------------------------------------------------------------------


def _with_second(petition: Petition, language: str, **numbers: int) -> Briefing:
    briefing = _briefing(petition, language, numbers={"total": 1412, **numbers})
    briefing.pages = 2
    texts = Texts(
        ask=dict.fromkeys(LANGUAGES, "Study it."),
        background=dict.fromkeys(LANGUAGES, "**Long ago** it began."),
        facts=[],
        decisions=[
            Line(dict.fromkeys(LANGUAGES, "They decided."), "https://example.org/a/"),
            Line(),
        ],
    )
    briefing.content = brief_texts.content(briefing.member, petition, language, texts=texts)
    return briefing


def _second(briefing: Briefing) -> str:
    _first, page = _open(briefing).pages
    return re.sub(r" *\n *", " ", page.extract_text())


def test_a_second_page_has_background_decisions_and_statements(petition: Petition) -> None:
    text = _second(_with_second(petition, "en", riding=18))
    assert "Long ago it began." in text
    assert "They decided. example.org/a" in text
    assert "I present a petition on this subject: " + petition.short_title_en in text
    assert "About 18 of the signers live in my riding." in text
    assert petition.short_title_fr in text
    assert text.index(petition.short_title_en) < text.index(petition.short_title_fr)


def test_the_members_language_comes_first_in_the_statements(petition: Petition) -> None:
    statements = printing.sheet(_with_second(petition, "fr"))["second"]["statements"]
    assert [each["language"] for each in statements] == ["fr", "en"]


def test_a_statement_that_is_not_written_or_too_long_is_left_out(petition: Petition) -> None:
    briefing = _with_second(petition, "en")
    briefing.content["ask"]["fr"] = ""
    assert len(printing.sheet(briefing)["second"]["statements"]) == 1
    briefing.content["ask"]["fr"] = "mot " * 60
    assert len(printing.sheet(briefing)["second"]["statements"]) == 1


def test_the_first_page_stands_alone(petition: Petition) -> None:
    briefing = _with_second(petition, "en")
    both = _open(briefing)
    assert len(both.pages) == 2
    first = both.pages[0].extract_text()
    briefing.pages = 1
    (alone,) = _open(briefing).pages
    assert first.removesuffix("1/2").rstrip() == alone.extract_text().rstrip()


def test_the_second_page_is_linked_tagged_and_small(petition: Petition) -> None:
    briefing = _with_second(petition, "fr")
    reader = _open(briefing)
    links = [note.get_object()["/A"]["/URI"] for note in reader.pages[1]["/Annots"]]
    assert links == ["https://example.org/a/"]
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].lower() == "fr-ca"
    assert [float(edge) for edge in reader.pages[1].mediabox[2:]] == [612, 792]
    assert len(printing.render(briefing)) <= 300 * 1024
    assert printing.render(briefing) == printing.render(briefing)


def test_the_longest_second_page_fits(petition: Petition) -> None:
    briefing = _with_second(petition, "en", riding=10**6)
    line = {"text": "Wähl—freiheit " * 14, "source": "https://example.org/" + "a" * 180}
    briefing.content |= {
        "background": "Wahlfrei. " * 120,
        "decisions": [line] * 3,
        "quotes": [{"id": 1, "text": "Wahl—frei " * 24, "speaker": "frei " * 16}] * 2,
        "ask": dict.fromkeys(("en", "fr"), "wort " * 35),
    }
    assert len(_open(briefing).pages) == 2


def test_what_was_kept_is_printed_whatever_changes(petition: Petition) -> None:
    briefing = _with_second(petition, "en")
    before = printing.render(briefing)
    petition.title_en = petition.ask_en = "Other"
    petition.threshold, petition.closes_at = 7, None
    petition.follows = Petition(house_number="e-1")
    petition.facts.all().delete()
    briefing.member = _member("Lévis—Lotbinière", "Lévis—Lotbinière", "QC", name="Other")
    assert printing.render(briefing) == before


# --- nothing in a text is markup -------------------------------------------------------------


def test_texts_are_printed_as_they_stand(petition: Petition) -> None:
    hostile = '#read("/etc/passwd") *bold* _soft_ $x$ \\ @a `b` <c> //d "]#panic()'
    petition.title_en, petition.ask_en = hostile, hostile
    petition.facts.filter(position=1).update(text_en=hostile, source=hostile)
    member = _member(hostile, hostile, "QC", name="**A** #B")
    text = _text(_briefing(petition, "en", member))
    assert text.count(hostile) == 5
    assert "For: **A** #B, MP" in text


# --- the paper -------------------------------------------------------------------------------


def _longest(language: str) -> list[Member]:
    """Every Member is shorter than one of these in one of the lines that hold their names."""
    ridings = {row["code"]: row for row in read_rows(DATA / "ridings.csv")}
    rows = read_rows(DATA / "members.csv")
    assert len(rows) == 342
    by_riding = sorted(rows, key=lambda row: len(ridings[row["riding_code"]][f"name_{language}"]))
    by_name = sorted(rows, key=lambda row: len(row["honorific"] + row["name"]))
    return [
        _member(
            ridings[row["riding_code"]]["name_en"],
            ridings[row["riding_code"]]["name_fr"],
            # The longest name of a province or territory, whichever it is.
            "NL",
            name=row["name"],
            honorific=row["honorific"] or "Rt. Hon.",
        )
        for row in (by_riding[-1], by_riding[-2], by_name[-1])
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_longest_names_and_texts_fit_on_one_page(petition: Petition, language: str) -> None:
    def words(length: int) -> str:
        return ("Wähl—freiheit " * 40)[:length]

    for member in _longest(language):
        assert len(_open(_briefing(petition, language, member)).pages) == 1
    setattr(petition, f"ask_{language}", words(LONGEST_ASK))
    setattr(petition, f"title_{language}", words(160))
    for fact in petition.facts.all():
        setattr(fact, f"text_{language}", words(LONGEST_FACT - 60))
        fact.source = words(60)
        fact.save()
    for member in _longest(language):
        assert len(_open(_briefing(petition, language, member)).pages) == 1


def test_texts_that_no_size_fits_are_refused_rather_than_cut(petition: Petition) -> None:
    petition.ask_en = "Too long. " * 400
    with pytest.raises(TypesettingError, match="too long for one page"):
        printing.render(_briefing(petition, "en"))


@pytest.mark.parametrize(("language", "lang"), [("en", "en-CA"), ("fr", "fr-CA")])
def test_the_file_is_tagged_titled_and_small(petition: Petition, language: str, lang: str) -> None:
    briefing = _briefing(petition, language)
    reader = _open(briefing)
    root = reader.trailer["/Root"]
    assert root["/Lang"].lower() == lang.lower()
    assert root["/MarkInfo"]["/Marked"]
    assert "Zoë Gagné-Côté" in reader.metadata.title
    assert getattr(petition, f"title_{language}") in reader.metadata.title
    assert [float(edge) for edge in reader.pages[0].mediabox[2:]] == [612, 792]
    assert len(printing.render(briefing)) <= 300 * 1024


def test_the_same_briefing_gives_the_same_bytes(petition: Petition) -> None:
    assert printing.render(_briefing(petition, "en")) == printing.render(_briefing(petition, "en"))


def test_the_file_is_named_after_riding_day_and_language(petition: Petition) -> None:
    member = _member("Saint-Maurice—Champlain", "Saint-Maurice—Champlain", "QC", name="A B")
    briefing = _briefing(petition, "fr", member)
    briefing.as_of = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # still the 24th in Toronto
    assert printing.filename(briefing) == "briefing-saint-maurice-champlain-2026-11-24-fr.pdf"
