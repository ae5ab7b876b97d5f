"""Pictures to pass on: how often one is made, for how many, and what stands in for it."""

from threading import Event, Thread

import pytest
from django.test import Client

from campaign.parliament import typesetting
from campaign.sharing import cards, drawing
from petitions.models import Petition
from tests.campaign.sharing.test_cards import address, counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages of the pictures made, without making any."""
    made: list[str] = []

    def make_one(_template: str, data: dict[str, str]) -> bytes:
        made.append(data["language"])
        return b"picture"

    monkeypatch.setattr(typesetting, "picture", make_one)
    return made


def test_one_picture_is_made_for_all_who_ask(petition: Petition, making: list[str]) -> None:
    answers = [Client().get(address(petition, "fr")) for _turn in range(3)]
    assert making == ["fr"]
    assert {each["Cache-Control"] for each in answers} == {"public, max-age=3600"}
    assert len({each["ETag"] for each in answers}) == 1


def test_whoever_has_it_is_told_so_and_nothing_is_made(
    petition: Petition, making: list[str]
) -> None:
    tag = f'"{drawing.tag("card", cards.data(petition, "en"))}"'
    response = Client(headers={"If-None-Match": tag}).get(address(petition))
    assert (response.status_code, making) == (304, [])


def test_other_figures_are_another_picture(petition: Petition, making: list[str]) -> None:
    first = cards.data(petition, "en")
    counted(petition, 412)
    second = cards.data(petition, "en")
    assert drawing.tag("card", first) != drawing.tag("card", second)
    assert [drawing.picture("card", each) for each in (first, second, first)] == [b"picture"] * 3
    assert making == ["en", "en"]


def test_one_picture_is_made_at_a_time(petition: Petition, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits too long for another one gets the plain one, which is kept for a minute."""
    begun, may_end = Event(), Event()

    def make_slowly(_template: str, _data: object) -> bytes:
        begun.set()
        may_end.wait(10)
        return b"picture"

    monkeypatch.setattr(typesetting, "picture", make_slowly)
    monkeypatch.setattr(drawing, "_PATIENCE", 0.01)
    other = cards.data(petition, "km")
    worker = Thread(target=drawing.picture, args=["card", other])
    worker.start()
    begun.wait(10)
    response = Client().get(address(petition, "en"))
    may_end.set()
    worker.join()
    assert response.content == drawing.PLAIN.read_bytes()
    assert response["Cache-Control"] == "public, max-age=60"
    assert "ETag" not in response
    assert Client().get(address(petition, "en")).content == b"picture"


def test_a_fault_gives_the_plain_picture_and_is_not_tried_at_each_request(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def fail(template: str, _data: object) -> bytes:
        tried.append(template)
        raise typesetting.TypesettingError("no typst")

    monkeypatch.setattr(typesetting, "picture", fail)
    for _turn in range(2):
        assert Client().get(address(petition)).content == drawing.PLAIN.read_bytes()
    assert tried == ["card"]
