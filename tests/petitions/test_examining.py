"""The examination ends in one of three ways, each told to those whom it concerns."""

from typing import Any

import pytest
from django.utils import translation

from petitions.domain import addresses, examining
from petitions.domain.examining import ExamineError
from petitions.domain.mailing import WrittenMail
from petitions.models import Delivery, Examination, Petition, PublicNote
from petitions.states import MPRequestState, PetitionState, SupporterState
from tests.factories import house, people
from tests.factories import petitions as make
from tests.pages import browser, main_text

pytestmark = pytest.mark.django_db
S = PetitionState
REASONS = {"en": "Not federal.", "fr": "Pas fédéral.", "km": "មិនមែនសហព័ន្ធ។"}


@pytest.fixture
def petition() -> Petition:
    found = house.in_examination()
    Delivery.objects.all().delete()
    return found


def told() -> dict[str, str]:
    return {
        addresses.unlock(row.address or b""): WrittenMail.unlock(row.content or b"").text
        for row in Delivery.objects.all()
    }


def answers(**changes: dict[str, Any]) -> examining.Answers:
    return {**house.ALL_MET, **changes}  # type: ignore[dict-item]


def test_it_passes_only_with_every_point_met(petition: Petition) -> None:
    clerk = people.person()
    unmet = answers(federal={"met": None, "note": ""})
    with pytest.raises(ExamineError, match="Every point must be met"):
        examining.accept(petition, unmet, by=clerk)
    assert not Examination.objects.exists()
    examination = examining.accept(petition, house.ALL_MET, by=clerk)
    petition.refresh_from_db()
    assert (petition.state, examination.by) == (S.IN_TRANSLATION, clerk)
    assert set(examination.points) == {point.key for point in examining.POINTS}
    assert len(told()) == 6
    assert all("has passed the examination" in words for words in told().values())


def test_points_are_kept_to_go_on_later(petition: Petition) -> None:
    for note in ("a first look", "a second one"):
        examining.save(petition, answers(courts={"met": False, "note": note}), by=people.person())
    stored = Examination.objects.get()
    assert (stored.finished_at, stored.points["courts"]["note"]) == (None, "a second one")
    assert examining.current(petition) == stored


def test_sent_back_it_needs_supporters_and_a_member_anew(petition: Petition) -> None:
    with pytest.raises(ExamineError, match="Write what must change"):
        examining.send_back(petition, house.ALL_MET, reason="", by=people.person())
    examining.send_back(petition, house.ALL_MET, reason="Name no company.", by=people.person())
    petition.refresh_from_db()
    assert (petition.state, petition.events.latest().reason) == (S.DRAFT, "Name no company.")
    states = set(petition.supporters.values_list("state", flat=True))
    assert states == {SupporterState.CANCELLED}
    assert petition.mp_requests.get().state == MPRequestState.CANCELLED
    words = told()
    assert "Name no company." in words.pop(house.petitioner_of(petition).email)
    assert all("Your support was for the text you read" in each for each in words.values())
    assert not any("Name no company." in each for each in words.values())


def test_refused_it_says_why_to_everybody_in_three_languages(petition: Petition) -> None:
    with pytest.raises(ExamineError, match="all three languages"):
        examining.reject(petition, house.ALL_MET, reasons={**REASONS, "km": ""}, by=people.person())
    assert not PublicNote.objects.exists()
    examining.reject(petition, house.ALL_MET, reasons=REASONS, by=people.person())
    assert all("Not federal." in words for words in told().values())
    for language, reason in REASONS.items():
        response = browser().get(f"/{language}/petitions/{petition.slug}/")
        assert response.status_code == 410
        with translation.override(language):
            assert petition.title in main_text(response)
        assert reason in main_text(response)
        assert "whereas en" not in main_text(response)
    assert browser().get(f"/petitions/{petition.slug}.json").status_code == 410


def test_a_withdrawn_petition_that_nobody_saw_is_not_there() -> None:
    hidden = make.draft_petition()
    Petition.objects.filter(pk=hidden.pk).update(state=S.WITHDRAWN)
    assert browser().get(f"/en/petitions/{hidden.slug}/").status_code == 404


def test_nothing_but_an_examination_is_ended(petition: Petition) -> None:
    examining.accept(petition, house.ALL_MET, by=people.person())
    for act in (
        lambda: examining.save(petition, house.ALL_MET, by=people.person()),
        lambda: examining.accept(petition, house.ALL_MET, by=people.person()),
        lambda: examining.reject(petition, house.ALL_MET, reasons=REASONS, by=people.person()),
    ):
        with pytest.raises(ExamineError, match="not being examined"):
            act()
    assert browser().get(f"/en/petitions/{petition.slug}/").status_code == 404
