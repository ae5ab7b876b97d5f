"""Packs: whom they are for, what keeps them from being made, and the file."""

import csv
import io
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from django.utils import translation

from campaign.accounts.roles import Role
from campaign.parliament import packing, printing
from campaign.parliament.domain import briefings, packs
from campaign.parliament.domain.brief_texts import Gap, Part
from campaign.parliament.models import Briefing, Contact, Pack
from petitions.domain import counting
from petitions.models import Member, Petition, Riding, Tally
from petitions.states import PetitionState
from tests.conftest import SetClock
from tests.factories import parliament, people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # still the 24th in Toronto


def _sign(petition: Petition, count: int, **changes: str) -> None:
    """So many have signed, and the day's tables know it."""
    for _turn in range(count):
        make.confirmed(petition, **changes)
    counting.publish_day(petition)


def _publish_first(petition: Petition) -> None:
    """As if nothing had been told of earlier days."""
    Tally.objects.filter(petition=petition).delete()
    counting.publish_day(petition)


def _quebec(name: str = "Québec Centre") -> Riding:
    """A riding whose postal codes begin with G1R."""
    riding = make.riding(24063, name, fsa="G1R")
    riding.province = "QC"
    riding.save()
    return riding


QUEBEC = {"province": "QC", "postal_code": "G1R 4P5"}


@pytest.fixture
def two(petition: Petition) -> list[Member]:
    """Six signers in Coquitlam and seven in Québec, and a Member for each."""
    members = [
        parliament.member(make.riding(), name="Ann East"),
        parliament.member(_quebec(), name="Zoë Gagné-Côté"),
    ]
    parliament.facts(petition)
    _sign(petition, 6)
    _sign(petition, 7, **QUEBEC)
    return members


def _make(petition: Petition, least: int = 5, pages: int = 1) -> Pack:
    return packs.make_pack(petition, least=least, pages=pages, by=people.person(Role.BRIEFER))


def _at(petition: Petition, set_clock: SetClock) -> None:
    """It is NOW, in the midst of the petition's time."""
    set_clock(NOW)
    Petition.objects.update(opens_at=NOW.replace(month=1), closes_at=NOW.replace(year=2027))
    petition.refresh_from_db()


# --- for whom --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("least", "names"),
    [(5, ["Zoë Gagné-Côté", "Ann East"]), (7, ["Zoë Gagné-Côté"]), (8, [])],
)
def test_a_pack_is_for_members_with_enough_signers(
    petition: Petition, two: list[Member], least: int, names: list[str]
) -> None:
    plan = packs.plan(petition, least=least)
    assert [seat.member.name for seat in plan.seats] == names
    assert plan.may_be_made == bool(names)


def test_each_is_written_to_in_their_language(petition: Petition, two: list[Member]) -> None:
    assert packs.plan(petition, least=5).languages == {"fr": 1, "en": 1}
    for member in two:
        Contact.objects.create(member=member, language="fr", changed_at=NOW)
    assert packs.plan(petition, least=5).languages == {"fr": 2}


def test_a_number_that_may_not_be_shown_puts_nobody_into_a_pack(
    petition: Petition, two: list[Member]
) -> None:
    """Under five, and where the rest of the province would be one person: whatever is asked for."""
    parliament.member(make.riding(59999, "Small", fsa="V9V"))
    _sign(petition, 4, postal_code="V9V 1A1")
    _sign(petition, 3, postal_code="V6T 1Z4")
    _sign(petition, 1, province="QC", postal_code="H2X 1Y4")
    _publish_first(petition)
    members = [seat.member for seat in packs.plan(petition, least=1).seats]
    assert members == [two[0]]
    alone = briefings.numbers(petition, two[1])
    assert alone.riding is None


def test_the_numbers_are_those_of_single_briefings(
    petition: Petition, two: list[Member], set_clock: SetClock
) -> None:
    _at(petition, set_clock)
    for seat in packs.plan(petition, least=5).seats:
        assert seat.numbers == briefings.numbers(petition, seat.member)


def test_ridings_together_do_not_single_out_the_rest_of_their_province(
    petition: Petition, two: list[Member]
) -> None:
    """Two people say British Columbia and write a postal code of Québec: the rest of BC.

    The smaller riding goes to them, and so gets no page.
    """
    other = parliament.member(make.riding(59998, "Other", fsa="V9V"))
    _sign(petition, 5, postal_code="V9V 1A1")
    _sign(petition, 2, province="BC", postal_code="G1R 4P5")
    _publish_first(petition)
    assert briefings.numbers(petition, other).province == 13
    shown = {
        seat.member.name: (seat.numbers.riding, seat.numbers.province)
        for seat in packs.plan(petition, least=5).seats
    }
    assert shown[two[0].name] == (6, 13)
    assert other.name not in shown


def test_whoever_has_left_is_not_in_it(petition: Petition, two: list[Member]) -> None:
    Member.objects.filter(pk=two[0].pk).update(left_on=parliament.CHECKED_ON)
    assert [seat.member for seat in packs.plan(petition, least=5).seats] == [two[1]]


# --- what keeps it from being made -----------------------------------------------------------


def _refused(petition: Petition, error: type[Exception], **asked: int) -> None:
    with pytest.raises(error):
        _make(petition, **asked)
    assert not Pack.objects.exists()
    assert not Briefing.objects.exists()


def test_nobody_gets_a_pack_that_one_member_would_be_missing_from(
    petition: Petition, two: list[Member]
) -> None:
    Member.objects.filter(pk=two[1].pk).update(checked_on=date(2020, 1, 1))
    assert packs.plan(petition, least=5).old == [two[1]]
    _refused(petition, briefings.OldListError)


def test_texts_are_needed_in_the_languages_that_are_written(
    petition: Petition, two: list[Member]
) -> None:
    petition.facts.filter(position=2).update(text_fr="")
    assert packs.plan(petition, least=5).gaps == {"fr": [Gap(Part.FACT, 2)]}
    _refused(petition, briefings.IncompleteError)
    Contact.objects.create(member=two[1], language="en", changed_at=NOW)
    assert packs.plan(petition, least=5).gaps == {}
    assert _make(petition).briefings.count() == 2


def test_a_second_page_is_needed_only_where_it_is_asked_for(
    petition: Petition, two: list[Member]
) -> None:
    assert set(packs.plan(petition, least=5, pages=2).gaps) == {"en", "fr"}
    _refused(petition, briefings.IncompleteError, pages=2)


def test_a_pack_for_nobody_is_not_made(petition: Petition, two: list[Member]) -> None:
    _refused(petition, packs.NobodyError, least=8)


def test_a_petition_that_is_not_offered_has_no_packs(petition: Petition, two: list[Member]) -> None:
    Petition.objects.update(state=PetitionState.WITHDRAWN)
    _refused(petition, briefings.NotOfferedError)


# --- the record and the file -----------------------------------------------------------------


def test_a_pack_is_a_briefing_for_each(
    petition: Petition, two: list[Member], set_clock: SetClock
) -> None:
    _at(petition, set_clock)
    pack = _make(petition)
    made = {briefing.member: briefing for briefing in Briefing.objects.all()}
    assert set(made) == set(two)
    for member, language in zip(two, ("en", "fr"), strict=True):
        briefing = made[member]
        assert (briefing.pack, briefing.language, briefing.pages) == (pack, language, 1)
        assert briefing.made_by == pack.made_by
        assert briefing.as_of == pack.as_of == NOW
        assert briefing.numbers["total"] == 13
        assert briefing.content["name"] == member.name


def _unpack(pack: Pack, language: str = "en") -> dict[str, bytes]:
    with translation.override(language):
        pieces = list(packing.stream(pack))
    archive = ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_file_holds_each_page_and_a_list(
    petition: Petition, two: list[Member], set_clock: SetClock
) -> None:
    _at(petition, set_clock)
    Contact.objects.create(member=two[0], email="office@example.org", changed_at=NOW)
    pack = _make(petition)
    files = _unpack(pack)
    names = [
        "briefing-quebec-centre-2026-11-24-fr.pdf",
        "briefing-coquitlam-port-coquitlam-2026-11-24-en.pdf",
    ]
    assert list(files) == ["list.csv", *names]
    for name, member in zip(names, reversed(two), strict=True):
        assert files[name] == printing.render(member.briefings.get())
    rows = list(csv.reader(io.StringIO(files["list.csv"].decode("utf-8-sig"))))
    assert rows[1:] == [
        [names[0], "Zoë Gagné-Côté", "Québec Centre", "Quebec", "French", "7", ""],
        [
            names[1],
            "Ann East",
            "Coquitlam—Port Coquitlam",
            "British Columbia",
            "English",
            "6",
            "office@example.org",
        ],
    ]


def test_the_same_pack_gives_the_same_file_whatever_changes(
    petition: Petition, two: list[Member]
) -> None:
    pack = _make(petition)
    before = _unpack(pack)
    _sign(petition, 3)
    petition.facts.all().delete()
    assert _unpack(pack) == before


def test_no_cell_of_the_list_is_a_formula(petition: Petition, two: list[Member]) -> None:
    Member.objects.filter(pk=two[0].pk).update(name="=1+1")
    rows = csv.reader(io.StringIO(_unpack(_make(petition))["list.csv"].decode("utf-8-sig")))
    assert [row[1] for row in rows][-1] == "'=1+1"


def test_the_list_is_in_the_language_of_who_asks(petition: Petition, two: list[Member]) -> None:
    pack = _make(petition)
    with translation.override("fr"):
        pieces = packing.stream(pack)
    archive = ZipFile(io.BytesIO(b"".join(pieces)))
    (listed,) = [name for name in archive.namelist() if name.endswith(".csv")]
    assert "Colombie-Britannique" in archive.read(listed).decode()


def test_the_file_is_sent_page_by_page(
    petition: Petition, two: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list and a page are out before the next one is set."""
    pack = _make(petition)
    rendered: list[Briefing] = []

    def render(briefing: Briefing) -> bytes:
        rendered.append(briefing)
        return b"page"

    monkeypatch.setattr(printing, "render", render)
    pieces = packing.stream(pack)
    assert b"list.csv" in next(pieces)
    assert rendered == []
    assert b"quebec" in next(pieces)
    assert len(rendered) == 1
