"""What pages say of a petition: its counter in each state, its steps, its places, its links."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import translation

from petitions import presentation
from petitions.models import Milestone, Petition, PetitionEvent, Tally
from petitions.states import PetitionKind, PetitionState
from tests.conftest import SetClock
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"
OPENS = datetime(2018, 6, 26, 16, 0, tzinfo=UTC)
CLOSES = datetime(2018, 10, 24, 16, 0, tzinfo=UTC)
LAST = f"closes on October{NBSP}24, 2018, 12:00{NBSP}p.m. (EDT)"


@pytest.fixture
def petition(db: None) -> Petition:
    return make.open_petition(opens_at=OPENS, closes_at=CLOSES)


def card(petition: Petition, total: int, *, language: str = "en") -> dict[str, object]:
    Tally.objects.update(total=total)
    with translation.override(language):
        found = presentation.counter(Petition.objects.get(pk=petition.pk))
    assert found is not None
    return found


def reach(petition: Petition, number: int = 500) -> None:
    instant = datetime(2018, 9, 1, 16, 0, tzinfo=UTC)
    Milestone.objects.create(petition=petition, number=number, reached_at=instant)


# --- the counter -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before_closing", "total", "state", "left_text"),
    [
        (timedelta(days=12), 0, "few", "500 to go\u00a0· 12 days left"),
        (timedelta(days=12), 4, "few", "496 to go\u00a0· 12 days left"),
        (timedelta(days=12), 5, "open", "495 to go\u00a0· 12 days left"),
        (timedelta(days=11, hours=1), 412, "open", "88 to go\u00a0· 12 days left"),
        (timedelta(days=4), 499, "open", "1 to go\u00a0· 4 days left"),
        (timedelta(days=3, seconds=1), 412, "open", "88 to go\u00a0· 4 days left"),
        (timedelta(days=3), 412, "last_days", f"88 to go\u00a0· {LAST}"),
        (timedelta(seconds=1), 412, "last_days", f"88 to go\u00a0· {LAST}"),
        (timedelta(days=12), 500, "reached", "12 days left"),
        (timedelta(days=2), 612, "reached", LAST),
    ],
)
def test_while_open(
    petition: Petition,
    set_clock: SetClock,
    before_closing: timedelta,
    *,
    total: int,
    state: str,
    left_text: str,
) -> None:
    set_clock(CLOSES - before_closing)
    found = card(petition, total)
    assert (found["state"], found["left_text"], found["final_text"]) == (state, left_text, "")
    assert found["sign_url"] == f"/en/petitions/{petition.slug}/sign/"


def test_one_day_is_one_day(set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presentation, "LAST_DAYS", 0)
    petition = make.open_petition(opens_at=OPENS, closes_at=CLOSES)
    set_clock(CLOSES - timedelta(hours=20))
    assert card(petition, 412)["left_text"] == "88 to go\u00a0· 1 day left"


def test_the_numbers(petition: Petition, set_clock: SetClock) -> None:
    set_clock(CLOSES - timedelta(days=12))
    Petition.objects.update(threshold=1500)
    Tally.objects.update(as_of=datetime(2018, 10, 12, 18, 40, tzinfo=UTC))
    found = card(petition, 1234)
    assert {key: found[key] for key in ("confirmed", "confirmed_text", "threshold_text")} == {
        "confirmed": 1234,
        "confirmed_text": "1,234",
        "threshold_text": "1,500",
    }
    assert (found["percent_max"], found["ticks"]) == (1500, [67, 167, 333, 500, 667])
    assert found["as_of_text"] == f"As of 2:40{NBSP}p.m. (EDT)"
    assert found["count_url"] == f"/petitions/{petition.slug}/count.json?lang=en"


def test_a_goal_between_the_marks_of_the_ladder_keeps_its_tick(petition: Petition) -> None:
    Petition.objects.update(threshold=600)
    found = card(petition, 700)
    assert (found["percent_max"], found["ticks"]) == (750, [133, 333, 667, 800])


def test_before_the_first_tally_nothing_is_said_of_its_time(
    petition: Petition, set_clock: SetClock
) -> None:
    set_clock(CLOSES - timedelta(days=12))
    Tally.objects.all().delete()
    found = presentation.counter(Petition.objects.get())
    assert found is not None
    assert (found["confirmed"], found["as_of_text"]) == (0, "")


def test_goal_reached_and_still_open(petition: Petition, set_clock: SetClock) -> None:
    reach(petition)
    set_clock(CLOSES - timedelta(days=12))
    found = card(petition, 612)
    assert (found["state"], found["percent_max"], found["to_go_text"]) == ("reached", 750, "")
    assert found["reached_text"] == (
        f"Goal of 500 reached on September{NBSP}1, 2018. More names still count. Next mark: 750"
    )


def test_past_the_ladder_the_bar_is_full(petition: Petition, set_clock: SetClock) -> None:
    set_clock(CLOSES - timedelta(days=12))
    assert card(petition, 123456)["percent_max"] == 123456


def test_fallen_below_the_goal_again_the_crossing_is_kept(
    petition: Petition, set_clock: SetClock
) -> None:
    reach(petition)
    set_clock(CLOSES - timedelta(days=12))
    found = card(petition, 499)
    assert (found["state"], found["left_text"], found["percent_max"]) == (
        "open",
        "1 to go\u00a0· 12 days left",
        500,
    )
    assert found["reached_text"] == f"Goal of 500 reached on September{NBSP}1, 2018."


def test_another_mark_is_not_the_goal(petition: Petition, set_clock: SetClock) -> None:
    reach(petition, number=250)
    set_clock(CLOSES - timedelta(days=12))
    assert card(petition, 260)["reached_text"] == ""


@pytest.mark.parametrize("column", [PetitionState.OPEN, PetitionState.CLOSED])
@pytest.mark.parametrize("after", [timedelta(0), timedelta(hours=23, minutes=59)])
def test_closed_but_links_may_still_be_pressed(
    petition: Petition, set_clock: SetClock, column: PetitionState, after: timedelta
) -> None:
    """True by the clock, whether or not the column has followed."""
    Petition.objects.update(state=column)
    set_clock(CLOSES + after)
    found = card(petition, 412)
    assert (found["state"], found["left_text"], found["to_go_text"], found["sign_url"]) == (
        "closed",
        "",
        "",
        "",
    )
    assert found["final_text"] == (
        f"The count is final on October{NBSP}25, 2018, 12:00{NBSP}p.m. (EDT)"
    )


@pytest.mark.parametrize(
    "state",
    [PetitionState.CLOSED, PetitionState.CERTIFIED, PetitionState.NOT_CERTIFIED],
)
def test_the_count_is_final(petition: Petition, set_clock: SetClock, state: PetitionState) -> None:
    Petition.objects.update(state=state)
    set_clock(CLOSES + timedelta(hours=24))
    found = card(petition, 412)
    assert (found["state"], found["confirmed_text"], found["final_text"]) == ("closed", "412", "")


def test_closed_the_crossing_is_told_without_a_next_mark(
    petition: Petition, set_clock: SetClock
) -> None:
    reach(petition)
    set_clock(CLOSES + timedelta(days=2))
    found = card(petition, 612)
    assert found["reached_text"] == f"Goal of 500 reached on September{NBSP}1, 2018."


def test_paused(petition: Petition, set_clock: SetClock) -> None:
    Petition.objects.update(paused_at=OPENS)
    set_clock(CLOSES - timedelta(days=12))
    found = card(petition, 412)
    assert (found["state"], found["sign_url"], found["left_text"]) == ("closed", "", "")


def test_a_total_just_made_replaces_the_stored_one(petition: Petition, set_clock: SetClock) -> None:
    set_clock(CLOSES - timedelta(days=12))
    Tally.objects.update(total=412)
    found = presentation.counter(Petition.objects.get(), total=413)
    assert found is not None
    assert (found["confirmed"], found["to_go_text"]) == (413, "87 to go")


def test_a_record_has_no_counter(petition: Petition) -> None:
    Petition.objects.update(kind=PetitionKind.RECORD)
    assert presentation.counter(Petition.objects.get()) is None


@pytest.mark.parametrize("language", ["fr", "km"])
def test_no_english_in_the_other_languages(
    petition: Petition, set_clock: SetClock, language: str
) -> None:
    reach(petition)
    set_clock(CLOSES - timedelta(days=2))
    Tally.objects.update(as_of=CLOSES)
    english, other = card(petition, 612), card(petition, 612, language=language)
    texts = [key for key in english if key.endswith("_text") and english[key]]
    words = [key for key in texts if str(english[key]).strip("0123456789,")]
    assert sorted(words) == ["as_of_text", "left_text", "reached_text"]
    assert [key for key in words if other[key] == english[key]] == []


# --- the state -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "paused", "after_closing", "label"),
    [
        ("open", False, -1, "Open for signature"),
        ("open", True, -1, "Signing is paused"),
        ("open", False, 0, "Closed for signature"),
        ("open", True, 0, "Closed for signature"),
        ("closed", False, 0, "Closed for signature"),
        ("closed", True, 0, "Closed for signature"),
        ("scheduled", False, -1, "Opens soon"),
        ("certified", False, 1, "Certified"),
        ("not_certified", False, 1, "Not certified"),
        ("presented", False, 1, "Presented to the House of Commons"),
        ("response_overdue", False, 1, "Government response overdue"),
        ("response_tabled", False, 1, "Government response tabled"),
        ("closed_on_dissolution", False, -1, "Closed upon dissolution"),
    ],
)
def test_state_label(
    petition: Petition,
    set_clock: SetClock,
    state: str,
    after_closing: int,
    label: str,
    *,
    paused: bool,
) -> None:
    Petition.objects.update(state=state, paused_at=OPENS if paused else None)
    set_clock(CLOSES + timedelta(seconds=after_closing))
    assert presentation.state_label(Petition.objects.get()) == label


@pytest.mark.parametrize(
    ("fields", "before_closing", "takes"),
    [
        ({}, 1, True),
        ({}, 0, False),
        ({"paused_at": OPENS}, 1, False),
        ({"state": "scheduled"}, 1, False),
        ({"state": "closed"}, 1, False),
    ],
)
def test_taking_signatures(
    petition: Petition,
    set_clock: SetClock,
    fields: dict[str, object],
    before_closing: int,
    *,
    takes: bool,
) -> None:
    Petition.objects.update(**fields)
    set_clock(CLOSES - timedelta(seconds=before_closing))
    assert presentation.is_taking_signatures(Petition.objects.get()) == takes


# --- steps and places ------------------------------------------------------------------------


def test_timeline_shows_public_steps_and_marks_newest_first(petition: Petition) -> None:
    steps = [
        (PetitionState.IN_TRANSLATION, 0),
        (PetitionState.SCHEDULED, 1),
        (PetitionState.OPEN, 2),
        (PetitionState.CLOSED, 9),
    ]
    for state, day in steps:
        PetitionEvent.objects.create(
            petition=petition, happened_at=OPENS + timedelta(days=day), to_state=state
        )
    for number in (100, 250):
        Milestone.objects.create(
            petition=petition, number=number, reached_at=OPENS + timedelta(days=5)
        )
    found = presentation.timeline(petition)
    assert [(entry["text"], entry["date"]) for entry in found] == [
        ("Closed for signature", f"July{NBSP}5, 2018"),
        ("250 signatures confirmed", f"July{NBSP}1, 2018"),
        ("100 signatures confirmed", f"July{NBSP}1, 2018"),
        ("Open for signature", f"June{NBSP}28, 2018"),
    ]


def test_places_largest_first_and_the_rest_last(petition: Petition) -> None:
    Tally.objects.update(
        provinces={"other": 30, "ON": 10, "abroad": 20}, provinces_day=date(2018, 10, 1)
    )
    assert presentation.provinces(Petition.objects.get()) == {
        "date": f"October{NBSP}1, 2018",
        "rows": [
            {"name": "Outside Canada", "number": "20", "length": 667},
            {"name": "Ontario", "number": "10", "length": 333},
            {
                "name": "Other places, and changes under 5",
                "number": "30",
                "length": 1000,
            },
        ],
    }


@pytest.mark.parametrize("fields", [{"provinces": {}}, {"provinces_day": None}])
def test_no_places_before_they_are_made(petition: Petition, fields: dict[str, object]) -> None:
    Tally.objects.update(**{"provinces": {"ON": 9}, "provinces_day": date(2018, 10, 1), **fields})
    assert presentation.provinces(Petition.objects.get()) is None


# --- sharing ---------------------------------------------------------------------------------


def test_share_links_lead_to_the_petition_in_this_language(petition: Petition) -> None:
    with translation.override("km"):
        found = presentation.share(petition)
    base = f"http://testserver/km/petitions/{petition.slug}/"
    query = {
        link["kind"]: parse_qs(urlsplit(link["url"]).query.lstrip("&")) for link in found["links"]
    }
    text = petition.share_text_km
    assert (found["url"], found["text"]) == (base, text)
    assert query == {
        "facebook": {"u": [f"{base}?s=fb"]},
        "whatsapp": {"text": [f"{text} {base}?s=wa"]},
        "telegram": {"url": [f"{base}?s=tg"], "text": [text]},
        "messenger": {"link": [f"{base}?s=me"]},
        "email": {"subject": [text], "body": [f"{text}\n{base}?s=mail"]},
        "sms": {"body": [f"{text} {base}?s=sms"]},
    }


@pytest.mark.parametrize("first", ["facebook", "whatsapp", "messenger"])
def test_the_first_link_may_be_chosen(petition: Petition, first: str) -> None:
    kinds = [link["kind"] for link in presentation.share(petition, first=first)["links"]]
    assert (kinds[0], len(set(kinds))) == (first, 6)


def test_without_a_text_to_share_the_title_is_shared() -> None:
    petition = make.open_petition(share_text_en="", share_text_fr="", share_text_km="")
    assert presentation.share(petition)["text"] == petition.title
