"""Which pepper is whose, and what is said of one that is gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from petitions import peppers
from petitions.domain import addresses
from petitions.domain.paper import Line, _mark
from petitions.domain.screening import marks
from petitions.models import Petition
from petitions.peppers import UnknownPepperError

ADDRESS = "dara@example.org"


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_name_is_of_one_pepper_and_does_not_show_it(one: str, other: str) -> None:
    one, other = (text.encode("utf-8", "ignore").decode() for text in (one, other))
    assert (peppers.name(one) == peppers.name(other)) == (one == other)
    assert len(peppers.name(one)) == 16
    assert one not in peppers.name(one) or len(one) < 3


@pytest.mark.django_db
def test_a_new_petition_is_under_the_newest(petition: Petition, settings: Settings) -> None:
    former = settings.PETITIONS_INDEX_PEPPER
    settings.PETITIONS_INDEX_PEPPER_FALLBACKS = [former]
    settings.PETITIONS_INDEX_PEPPER = "a newer pepper"
    assert peppers.named(petition.pepper_name) == former
    assert peppers.named(Petition(slug="new").pepper_name) == "a newer pepper"


@pytest.mark.django_db
def test_all_that_is_keyed_for_a_petition_follows_its_pepper(
    petition: Petition, settings: Settings
) -> None:
    """Also while another is the newest, and not after the petition has that one."""

    def keyed() -> list[object]:
        return [
            addresses.index(ADDRESS, petition),
            marks(petition, name="Sok Dara", postal_code="V3B1A1"),
            _mark(petition, Line(1, "Sok Dara", "Coquitlam")),
        ]

    before = keyed()
    settings.PETITIONS_INDEX_PEPPER_FALLBACKS = [settings.PETITIONS_INDEX_PEPPER]
    settings.PETITIONS_INDEX_PEPPER = "a newer pepper"
    assert keyed() == before
    petition.pepper_name = peppers.newest_name()
    assert not [each for each in keyed() if each in before]


@pytest.mark.django_db
def test_an_address_is_known_under_every_pepper(petition: Petition, settings: Settings) -> None:
    before = addresses.index(ADDRESS, petition)
    assert addresses.every_index(ADDRESS, petition) == [before]
    settings.PETITIONS_INDEX_PEPPER_FALLBACKS = [settings.PETITIONS_INDEX_PEPPER]
    settings.PETITIONS_INDEX_PEPPER = "a newer pepper"
    newer, older = addresses.every_index(ADDRESS, petition)
    assert older == before != newer


@pytest.mark.django_db
def test_a_pepper_that_is_gone_is_asked_for(petition: Petition, settings: Settings) -> None:
    settings.PETITIONS_INDEX_PEPPER = "a newer pepper"
    with pytest.raises(UnknownPepperError, match="PETITIONS_INDEX_PEPPER_FALLBACKS"):
        addresses.index(ADDRESS, petition)
