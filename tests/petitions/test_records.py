"""Records of official petitions: read whole or not at all, and told apart from what was there."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from campaign.demo.loading import CONTENT
from petitions.domain.record_files import read_record
from petitions.domain.records import import_record
from petitions.domain.ridings import RefusedDataError
from petitions.models import Clause, Outcome, Petition, PetitionEvent, Signature
from petitions.states import PetitionKind, PetitionState
from tests.factories import petitions as make

E1746 = (CONTENT / "petition_e1746.yaml").read_text("utf-8")
NOW = datetime(2026, 11, 25, tzinfo=UTC)

#: The least that a record can be.
LEAST = """\
slug: e-100
house_number: e-100
kind: record
status: closed
original_language: en
title: {en: Title, fr: Titre, km: ចំណងជើង}
summary: {en: Summary, fr: Résumé, km: សង្ខេប}
addressee: {en: House of Commons, fr: Chambre des communes, km: រដ្ឋសភា}
grievances:
  - {en: Whereas, fr: Attendu, km: ដោយហេតុថា}
requests:
  - {en: Ask, fr: Demande, km: ស្នើ}
opened: "2018-06-26T17:25:00-04:00"
closed_at: "2018-10-24T17:25:00-04:00"
"""


def _changed(old: str, new: str, text: str = LEAST) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def _refused(text: str) -> list[str]:
    with pytest.raises(RefusedDataError) as refusal:
        read_record(text, now=NOW)
    return refusal.value.problems


# --- reading ---------------------------------------------------------------------------------


def test_the_record_of_e_1746_has_the_facts_of_the_house() -> None:
    record = read_record(E1746, now=NOW)
    assert [(f"{moment:%Y-%m-%d %H:%M %z}", state.value) for moment, state in record.steps] == [
        ("2018-06-26 17:25 -0400", "open"),
        ("2018-10-24 17:25 -0400", "closed"),
        ("2018-12-07 12:00 -0500", "presented"),
        ("2019-01-28 12:00 -0500", "response_tabled"),
    ]
    assert record.outcome == {
        "presented_on": date(2018, 12, 7),
        "presenter_name": "Ron McKinnon",
        "presenter_riding": "Coquitlam–Port Coquitlam",
        "response_on": date(2019, 1, 28),
        "response_minister": "Chrystia Freeland",
    }
    assert (len(record.whereas), len(record.requests)) == (5, 3)
    assert record.fields["keywords_fr"].startswith("Cambodge, Élections, Droits de la personne")
    assert not [name for name in [*record.fields, *record.outcome] if "total" in name]


def test_the_least_that_a_record_can_be() -> None:
    record = read_record(LEAST, now=NOW)
    assert record.steps[-1][1] == PetitionState.CLOSED
    assert (record.fields["threshold"], record.fields["short_title_fr"]) == (500, "Titre")
    assert (record.fields["sponsor_name"], record.outcome["presented_on"]) == ("", None)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("slug: e-100\n", "", "line 1, file: slug is missing"),
        ("slug: e-100", "slug: E 100", "line 1, slug: is “E 100”, and must look like e-1746"),
        ("house_number: e-100", "house_number: x", "line 2, house_number: is “x”, and must look"),
        ("kind: record", "kind: campaign", "line 3, kind: is “campaign”, and must be one of"),
        ("kind: record", "kind: record\nkind: record", "line 4, kind: stands here twice"),
        ("status: closed", "status: open", "line 4, status: is “open”, and must be one of: closed"),
        ("status: closed", "status: presented", "line 4, status: “presented” needs presented"),
        ("original_language: en", "original_language: km", "line 5, original_language: is “km”"),
        ("km: ចំណងជើង", "km: ''", "line 6, title.km: is empty"),
        ("km: ចំណងជើង", "km: ~", "line 6, title.km: is empty"),
        (", km: ចំណងជើង", "", "line 6, title: km is missing"),
        ("km: ចំណងជើង", "km: ក, kh: ក", "line 6, title.kh: no record has this field"),
        ("en: Title", f"en: {'x' * 161}", "line 6, title.en: has 161 characters, and may have 160"),
        (
            "en: Title",
            f"en: {'x' * 81}",
            "line 6, title: is longer than 80 characters: add a short",
        ),
        ("summary: {", "summary: [{", None),
        ("  - {en: Ask, fr: Demande, km: ស្នើ}", "  ask", "line 12, requests: is not a list"),
        ("fr: Attendu, ", "", "line 10, grievances.1: fr is missing"),
        ("2018-06-26T17:25:00-04:00", "2018-06-26T17:25", "line 13, opened: is “2018-06-26T17:25”"),
        ("2018-10-24T", "2018-05-24T", "line 14, closed_at: does not come after opened"),
        ("2018-10-24T", "2027-10-24T", "line 14, closed_at: has not come yet"),
        ("kind: record", "kind: record\nsignatures: 700", "line 4, signatures: no record has this"),
        ("kind: record", "kind: record\nthreshold: 0", "line 4, threshold: is “0”, and must be a"),
        ("kind: record", "kind: record\nduration_days: 90", "line 4, duration_days: must be 120"),
        ("kind: record", "kind: record\nclosed: false", "line 4, closed: is “false”, and must be"),
        ("kind: record", "kind: record\nsponsor: {name: A}", "line 4, sponsor: riding is missing"),
        ("kind: record", "kind: record\nended: 2018-12-07", "line 4, ended: "),
    ],
)
def test_a_fault_is_named_with_line_and_field(old: str, new: str, problem: str | None) -> None:
    problems = _refused(_changed(old, new))
    if problem is None:
        assert problems[0].startswith("line ")
        assert "this is no YAML" in problems[0]
    elif "ended" in problem:
        assert any("“closed” has no ended" in each for each in problems)
    else:
        assert [each for each in problems if each.startswith(problem)]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('petition_no: "421-03054"', 'petition_no: "421-03055"', "is not the parliamentary_number"),
        ("  date: 2019-01-28\n", "  date: 2018-12-01\n", "does not come after presented"),
        ("date: 2018-12-07\n    label", "date: 2018-12-08\n    label", "is the day of no step"),
        ("  minister: Chrystia Freeland\n", "", "minister is missing"),
    ],
)
def test_parts_that_contradict_each_other_are_refused(old: str, new: str, problem: str) -> None:
    assert [each for each in _refused(_changed(old, new, E1746)) if problem in each]


def test_every_fault_is_named_at_once() -> None:
    text = _changed("km: ចំណងជើង", "km: ''", _changed("kind: record", "kind: petition"))
    assert len(_refused(text)) == 2


@pytest.mark.parametrize("text", ["", "- a\n- b", "a: [", "--- 1\n--- 2", "[" * 1000])
def test_what_is_no_record_at_all_is_refused(text: str) -> None:
    assert _refused(text)


# --- importing -------------------------------------------------------------------------------


def _import(text: str) -> object:
    return import_record(read_record(text, now=NOW))


@pytest.mark.django_db
def test_a_record_comes_with_its_dated_steps_and_no_signatures() -> None:
    _import(E1746)
    record = Petition.objects.get(slug="e-1746")
    assert (record.kind, record.state) == (PetitionKind.RECORD, PetitionState.RESPONSE_TABLED)
    assert record.outcome.presented_on == date(2018, 12, 7)
    assert record.outcome.certified_total is None
    steps = record.events.order_by("happened_at").values_list("from_state", "to_state")
    assert list(steps) == [
        ("", "open"),
        ("open", "closed"),
        ("closed", "presented"),
        ("presented", "response_tabled"),
    ]
    assert not Signature.objects.exists()


@pytest.mark.django_db
def test_a_second_import_changes_nothing() -> None:
    _import(E1746)
    models = (Petition, Clause, PetitionEvent, Outcome)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    report = import_record(read_record(E1746, now=NOW))
    assert report.did_nothing
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


@pytest.mark.django_db
def test_a_newer_file_tells_what_it_changes() -> None:
    """A text, a step, and a clause that is no longer there."""
    _import(E1746)
    newer = E1746.replace("2018-12-07", "2018-12-06").replace("threshold: 500", "threshold: 501")
    place = newer.index('  - en: "Bar from Canada')
    newer = newer[:place] + newer[newer.index("keywords:") :]
    report = import_record(read_record(newer, now=NOW))
    found = {change.field: (change.old, change.new) for change in report.changed}
    assert found["threshold"] == (500, 501)
    assert found["presented_on"] == (date(2018, 12, 7), date(2018, 12, 6))
    assert found["presented"] == ("2018-12-07T12:00:00-05:00", "2018-12-06T12:00:00-05:00")
    assert found["request_3_km"][1] is None
    assert set(found) == {
        "threshold",
        "presented_on",
        "presented",
        *(f"request_3_{language}" for language in ("en", "fr", "km")),
    }
    record = Petition.objects.get()
    assert record.clauses.filter(kind=Clause.Kind.REQUEST).count() == 2
    assert record.events.count() == 4
    assert not record.events.filter(happened_at__date=date(2018, 12, 7)).exists()


@pytest.mark.django_db
def test_a_petition_of_this_site_is_not_overwritten() -> None:
    petition = make.draft_petition(slug="e-100")
    with pytest.raises(RefusedDataError, match="is a petition of this site, not a record"):
        _import(LEAST)
    assert Petition.objects.get().title == petition.title


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    def written(text: str) -> str:
        path = tmp_path / "record.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


@pytest.mark.django_db
def test_the_command_reports_and_refuses(write: Callable[[str], str]) -> None:
    for text, said in (
        (LEAST, ["+ e-100", "Record: 1 added, 0 gone, 0 fields changed, 0 unchanged."]),
        (
            LEAST.replace("en: Ask", "en: Act"),
            [
                "~ e-100: request_1_en Ask → Act",
                "Record: 0 added, 0 gone, 1 fields changed, 51 unchanged.",
            ],
        ),
    ):
        output = StringIO()
        call_command("import_record", write(text), stdout=output)
        assert output.getvalue().splitlines() == said
    with pytest.raises(CommandError, match=r"Nothing was changed\.\nline 1, slug: is empty"):
        call_command("import_record", write(_changed("slug: e-100", "slug:")))
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("import_record", "/nothing/there.yaml")
    assert Clause.objects.get(kind=Clause.Kind.REQUEST).text_en == "Act"
