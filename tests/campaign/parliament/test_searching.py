"""Every riding is found however it is typed, and every postal prefix finds its ridings."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.parliament import searching
from petitions.domain.ridings import DATA, import_ridings, read_rows

RIDINGS = read_rows(DATA / "ridings.csv")
NAMES = sorted({row[column] for row in RIDINGS for column in ("name_en", "name_fr")})
_DASHES = ["-", "–", "—", "‑", " ", " - ", "\u00a0"]
_APOSTROPHES = ["'", "’", "‘", ""]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@given(st.sampled_from(NAMES), st.data())
@settings(deadline=None)
def test_a_riding_is_found_in_any_spelling(name: str, data: st.DataObject) -> None:
    change = data.draw(
        st.sampled_from([str, _plain, str.upper, str.lower, lambda text: _plain(text).upper()])
    )
    form = data.draw(st.sampled_from(["NFC", "NFD"]))
    typed = unicodedata.normalize(form, change(name))
    typed = typed.replace("—", data.draw(st.sampled_from(_DASHES)))
    typed = typed.replace("-", data.draw(st.sampled_from(_DASHES)))
    typed = typed.replace("'", data.draw(st.sampled_from(_APOSTROPHES)))
    words = searching.fold(typed).split()
    assert words
    assert searching.Search(words=words).finds(name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("levis", "Lévis—Lotbinière"),
        ("lotbiniere levis", "Lévis—Lotbinière"),
        ("ile des soeurs", "Ville-Marie—Le Sud-Ouest—Île-des-Sœurs"),
        ("l’erable", "Mégantic—L'Érable—Lotbinière"),
        ("may eliz", "Elizabeth May"),
    ],
)
def test_what_people_type_finds_what_they_mean(typed: str, name: str) -> None:
    assert searching.Search(words=searching.fold(typed).split()).finds(name)
    assert not searching.Search(words=searching.fold(f"{typed} zz").split()).finds(name)


@pytest.mark.django_db
@given(st.sampled_from(read_rows(DATA / "fsa_ridings.csv")))
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_postal_prefix_finds_all_its_ridings_the_best_first(
    imported: None, row: dict[str, str]
) -> None:
    rows = [each for each in read_rows(DATA / "fsa_ridings.csv") if each["fsa"] == row["fsa"]]
    best = max(float(each["share"]) for each in rows)
    khmer = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
    for typed in (row["fsa"], f"{row['fsa']} 1A1", row["fsa"].lower().translate(khmer)):
        found = searching.read(typed)
        assert set(found.shares) == {int(each["riding_code"]) for each in rows}
        assert float(next(iter(found.shares.values()))) == best
        assert found.words == []


@pytest.fixture
def imported() -> None:
    import_ridings()


def test_an_empty_search_finds_everybody() -> None:
    search = searching.Search()
    assert search.finds("Avalon")
