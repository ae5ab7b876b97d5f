"""From a postal code to a riding: certain, likely, estimated or unknown, never made up."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Sum

from petitions.domain.ridings import (
    Change,
    RidingGuess,
    import_ridings,
    locate,
    near,
    place_of,
    prefix_in,
    riding_of,
)
from petitions.models import PostalPrefix, Riding
from petitions.models.signature import RidingMethod
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


def _numbers() -> tuple[int, int]:
    return Riding.objects.count(), PostalPrefix.objects.count()


def test_importing_twice_leaves_the_same_ridings_and_prefixes() -> None:
    assert len(import_ridings().added) == 343
    rows = list(PostalPrefix.objects.order_by("pk").values_list())
    again = import_ridings()
    assert (again.did_nothing, again.unchanged) == (True, 343)
    assert _numbers() == (343, 2327)
    assert list(PostalPrefix.objects.order_by("pk").values_list()) == rows


def test_importing_again_puts_right_what_was_changed_and_says_so() -> None:
    import_ridings()
    Riding.objects.filter(code=59008).update(name_fr="Ailleurs", province="YT")
    PostalPrefix.objects.filter(fsa="V3B", riding=59008).update(share="0.010")
    name = "Coquitlam—Port Coquitlam"
    assert import_ridings().changed == [
        Change(name, "name_fr", "Ailleurs", name),
        Change(name, "province", "YT", "BC"),
    ]
    assert riding_of("V3B 1A1") == RidingGuess(59008, RidingMethod.LIKELY)


def test_importing_again_drops_prefixes_that_the_data_no_longer_has() -> None:
    import_ridings()
    PostalPrefix.objects.create(fsa="H0H", riding_id=59008, share="1.000", method="points")
    import_ridings()
    assert riding_of("H0H 0H0") is None


def test_the_command_reports_on_ridings() -> None:
    output = StringIO()
    call_command("import_ridings", stdout=output)
    assert output.getvalue().splitlines()[-1] == (
        "Ridings: 343 added, 0 gone, 0 fields changed, 0 unchanged."
    )


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [
        ("V3B 1A1", "V3B"),
        ("v3b", "V3B"),
        ("V៣B", "V3B"),
        ("h2x1y4", "H2X"),
        ("V3B 1", ""),
        ("Vancouver", ""),
        ("", ""),
    ],
)
def test_a_postal_code_is_read_whole_or_as_its_first_three(typed: str, prefix: str) -> None:
    assert prefix_in(typed) == prefix


def test_a_prefix_has_the_place_that_the_post_names_it_after() -> None:
    assert place_of("H2X") == "Plateau Mont-Royal Southeast"
    assert place_of("X9X") == ""


@pytest.mark.parametrize(
    ("postal_code", "guess"),
    [
        ("V3B 1A1", RidingGuess(59008, RidingMethod.LIKELY)),
        ("B2X 1A1", RidingGuess(12005, RidingMethod.LIKELY)),
        ("A0A 1A1", RidingGuess(10001, RidingMethod.ESTIMATED)),
        ("K1A 0A6", RidingGuess(35079, RidingMethod.ESTIMATED)),
        ("Y1A 1A1", RidingGuess(60001, RidingMethod.CERTAIN)),
        ("X0A 1A1", RidingGuess(62001, RidingMethod.CERTAIN)),
        # Borders have moved since, or only a centre was known: not likely, however large the share.
        ("B2H 1A1", RidingGuess(12003, RidingMethod.ESTIMATED)),
        ("G0B 1A1", RidingGuess(24070, RidingMethod.ESTIMATED)),
        ("X9X 9X9", None),
    ],
)
def test_the_riding_of_a_postal_code(postal_code: str, guess: RidingGuess | None) -> None:
    import_ridings()
    assert riding_of(postal_code) == guess


def test_without_any_data_a_riding_is_unknown() -> None:
    assert (_numbers(), riding_of("V3B 1A1")) == ((0, 0), None)


@pytest.mark.parametrize(
    ("share", "method"),
    [
        ("1.000", RidingMethod.LIKELY),
        ("0.900", RidingMethod.LIKELY),
        ("0.899", RidingMethod.ESTIMATED),
        ("0.010", RidingMethod.ESTIMATED),
    ],
)
def test_nine_tenths_of_a_prefix_make_its_riding_likely(share: str, method: RidingMethod) -> None:
    riding = make.riding(fsa="H1H")
    PostalPrefix.objects.filter(fsa="H1H").update(share=Decimal(share))
    assert riding_of("H1H 1H1") == RidingGuess(riding.pk, method)


def test_of_two_equal_ridings_always_the_same_one_is_taken() -> None:
    for code in (59009, 59008):
        PostalPrefix.objects.create(
            fsa="H1H", riding=make.riding(code, f"Riding {code}"), share="0.500", method="points"
        )
    assert riding_of("H1H 1H1") == RidingGuess(59008, RidingMethod.ESTIMATED)


def test_only_a_territory_is_certain() -> None:
    """What is certain has one riding, and its territory has no other."""
    import_ridings()
    for prefix in PostalPrefix.objects.filter(method="territory").select_related("riding"):
        assert Riding.objects.filter(province=prefix.riding.province).count() == 1
        assert locate(prefix.fsa).shares == {prefix.riding_id: Decimal(1)}
    certain = {
        fsa
        for fsa in PostalPrefix.objects.values_list("fsa", flat=True)
        if locate(fsa).certainty == RidingMethod.CERTAIN
    }
    assert {fsa[0] for fsa in certain} == {"X", "Y"}


def test_ridings_near_a_prefix_are_those_of_its_province() -> None:
    import_ridings()
    assert {row.province for row in near("X0A").values()} == {"NT", "NU"}
    assert len(near("V3B")) == 43


def test_no_prefix_has_more_than_a_whole() -> None:
    import_ridings()
    shares = PostalPrefix.objects.order_by().values("fsa").annotate(whole=Sum("share"))
    assert list(shares.filter(whole__gt=Decimal("1.02"))) == []
