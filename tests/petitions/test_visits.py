"""Pages shown and forms opened: counted by day, step and language, for nobody in particular."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from petitions import networks
from petitions.domain import purging, visits
from petitions.domain.visits import Batch, Event
from petitions.models import Petition, Signature, VisitDay
from petitions.states import VisitStep
from petitions.views import seeing
from tests.conftest import SetClock
from tests.factories import petitions as make
from tests.pages import browser, read

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 1, 10, 17, tzinfo=UTC)
DAY = date(2027, 1, 10)


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeing, "_batch", Batch())
    monkeypatch.setattr(visits, "PAUSE", 0)


def _tell(petition: Petition, asked: str = "step=visited&lang=km", **headers: str) -> HttpResponse:
    return browser().post(f"/petitions/{petition.slug}/seen?{asked}", headers=headers)


def _counted() -> list[tuple[str, str, int]]:
    return sorted(VisitDay.objects.values_list("step", "language", "count"))


def test_what_a_browser_tells_is_a_number_of_the_day(petition: Petition) -> None:
    answers = [_tell(petition), _tell(petition), _tell(petition, "step=started&lang=fr")]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 3
    assert not answers[0].cookies
    assert answers[0]["Cache-Control"] == "no-store"
    assert _counted() == [("started", "fr", 1), ("visited", "km", 2)]
    fields = {field.name for field in VisitDay._meta.get_fields()}
    assert fields == {"id", "petition", "day", "step", "language", "count"}


def test_what_is_refused_counts_nothing(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = f"/petitions/{petition.slug}/seen?step=visited&lang=en"
    refusals = [
        browser().get(there),
        _tell(petition, **{"Sec-Fetch-Site": "cross-site"}),
        _tell(petition, Origin="https://elsewhere.example"),
        _tell(petition, "step=submitted&lang=en"),
        _tell(petition, "step=visited&lang=de"),
        _tell(make.draft_petition()),
    ]
    monkeypatch.setitem(networks.LIMITS, "seen", ((1, 10), 400))
    networks.over_limit(RequestFactory().post("/"), "seen")
    late = _tell(petition)
    assert [answer.status_code for answer in refusals] == [405, 403, 403, 400, 400, 404]
    assert late.status_code == 429
    assert int(late["Retry-After"]) > 0
    assert _counted() == []


def test_pages_say_what_is_to_be_told_and_a_form_with_errors_nothing(petition: Petition) -> None:
    page, form = f"/km/petitions/{petition.slug}/", f"/fr/petitions/{petition.slug}/sign/"

    def told(answer: HttpResponse) -> list[str]:
        tags = [*read(answer).all("article"), *read(answer).all("div")]
        return [tag.attributes["data-seen"] for tag in tags if "data-seen" in tag.attributes]

    address = f"/petitions/{petition.slug}/seen?step="
    assert told(browser().get(page)) == [f"{address}visited&lang=km"]
    assert told(browser().get(form)) == [f"{address}started&lang=fr"]
    assert told(browser().post(form, {})) == []


def test_a_crowd_is_written_at_once_after_a_pause(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(visits, "PAUSE", 5)
    monkeypatch.setattr(visits.time, "monotonic", lambda: now[0])
    event, batch = Event(petition.pk, DAY, VisitStep.VISITED, "en"), Batch()
    for second, written in ((0, 1), (1, 1), (4.9, 1), (5, 4), (6, 4), (10, 6)):
        now[0] = 100 + second
        batch.note(event)
        assert _counted() == [("visited", "en", written)]


def test_rows_never_confirmed_leave_their_number_when_they_are_deleted(
    petition: Petition, set_clock: SetClock
) -> None:
    set_clock(NOON)
    Petition.objects.update(opens_at=NOON, closes_at=NOON + timedelta(days=100))
    mailed, unmailed = make.submitted(petition), make.submitted(petition, language="fr")
    make.confirmed(petition)
    Signature.objects.filter(pk=mailed.pk).update(first_mail_at=NOON, link_sent_at=NOON)
    set_clock(NOON + timedelta(days=40))
    assert purging.purge_pending() == 2
    assert not Signature.objects.filter(pk__in=[mailed.pk, unmailed.pk]).exists()
    assert _counted() == [("mailed", "km", 1), ("submitted", "fr", 1), ("submitted", "km", 1)]
    assert set(VisitDay.objects.values_list("day", flat=True)) == {DAY}
