"""The signer corrects the estimated riding, among those that the postal code may lie in."""

import pytest
from django.http import HttpResponse
from django.utils import timezone

from petitions.domain import own_riding, tokens, withdrawing
from petitions.models import Petition, PostalPrefix, Riding, Signature
from petitions.models.signature import RidingMethod
from tests.factories import petitions as make
from tests.pages import browser, main_text, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def ridings(petition: Petition) -> list[Riding]:
    """V3B lies mostly in the first, and partly in the second; two more in BC and in Alberta."""
    first, second = make.riding(), make.riding(59009, "Port Moody", fsa="V3H")
    PostalPrefix.objects.filter(riding=first).update(share="0.600")
    PostalPrefix.objects.create(fsa="V3B", riding=second, share="0.400", method="points")
    calgary = make.riding(48001, "Calgary", fsa="T1A")
    calgary.province = "AB"
    calgary.save()
    return [first, second, make.riding(59010, "Elsewhere", fsa="V1A"), calgary]


@pytest.fixture
def signature(petition: Petition, ridings: list[Riding]) -> Signature:
    return make.confirmed(petition, language="en")


def address(signature: Signature) -> str:
    return f"/m/{tokens.manage_token(signature.public_id, timezone.now())}/riding"


def post(signature: Signature, **data: object) -> HttpResponse:
    return browser().post(address(signature), data)


def test_signing_takes_the_likeliest_riding_and_the_page_says_how_sure_it_is(
    signature: Signature, ridings: list[Riding]
) -> None:
    assert signature.riding == ridings[0]
    text = main_text(browser().get(address(signature).removesuffix("/riding")))
    assert "Coquitlam—Port Coquitlam estimated from your postal code" in text


def test_from_postal_code_to_the_own_riding(signature: Signature, ridings: list[Riding]) -> None:
    candidates = main_text(post(signature, postal_code="v3b1a1"))
    first, second = "Coquitlam—Port Coquitlam (60%)", "Port Moody (40%)"
    assert candidates.index(first) < candidates.index(second)
    assert "not how many people" in candidates
    answer = post(signature, postal_code="v3b1a1", second="1", riding=ridings[1].pk)
    assert answer.status_code == 303
    signature.refresh_from_db()
    assert (signature.riding, signature.riding_method) == (ridings[1], RidingMethod.SIGNER)
    text = main_text(browser().get(answer["Location"]))
    assert "Your riding is noted." in text
    assert "Port Moody as you told us" in text


def test_a_riding_of_another_postal_code_is_refused(
    signature: Signature, ridings: list[Riding]
) -> None:
    for name, riding in (("riding", ridings[2]), ("other", ridings[3])):
        answer = post(signature, postal_code="v3b1a1", second="1", **{name: riding.pk})
        assert answer.status_code == 422
        assert "Select your riding" in answer.content.decode()
    signature.refresh_from_db()
    assert signature.riding == ridings[0]


def test_another_riding_of_the_province_goes_before_a_candidate(
    signature: Signature, ridings: list[Riding]
) -> None:
    page = read(post(signature, postal_code="v3b1a1")).one("main")
    options = [option.text for option in page.one("select").all("option")]
    assert options == ["Choose", "Elsewhere"]
    post(signature, postal_code="v3b1a1", riding=ridings[1].pk, other=ridings[2].pk)
    signature.refresh_from_db()
    assert (signature.riding, signature.riding_method) == (ridings[2], RidingMethod.SIGNER)
    assert signature.riding_boundaries == "2023"


def test_an_unknown_postal_code_leaves_the_choice_in_the_province(
    signature: Signature, ridings: list[Riding]
) -> None:
    answer = post(signature, postal_code="V9Z 1A1")
    page = read(answer).one("main")
    assert answer.status_code == 200
    assert not page.all("input", type="radio")
    assert len(page.one("select").all("option")) == 4
    assert post(signature, postal_code="V9Z 1A1", second="1").status_code == 422
    post(signature, postal_code="V9Z 1A1", second="1", other=ridings[1].pk)
    signature.refresh_from_db()
    assert signature.riding == ridings[1]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"postal_code": ""}, "Enter your postal code"),
        ({"postal_code": "nothing"}, "Enter a Canadian postal code, like K1A 0A6"),
        ({"postal_code": "X9X 9X9"}, "We do not know the riding of this postal code"),
        ({"postal_code": "V3B 1A1", "second": "1"}, "Select your riding"),
    ],
)
def test_what_is_missing_is_said(signature: Signature, data: dict[str, str], error: str) -> None:
    answer = post(signature, **data)
    assert answer.status_code == 422
    assert error in answer.content.decode()


def test_the_postal_code_is_not_kept(signature: Signature, ridings: list[Riding]) -> None:
    before = Signature.objects.filter(pk=signature.pk).values().get()
    post(signature, postal_code="v3b1a1", second="1", riding=ridings[1].pk)
    after = Signature.objects.filter(pk=signature.pk).values().get()
    assert {name for name in after if after[name] != before[name]} == {
        "riding_id",
        "riding_method",
    }


def test_whoever_lives_abroad_has_no_riding(petition: Petition, ridings: list[Riding]) -> None:
    abroad = make.confirmed(petition, residence="abroad", country="FR", language="en")
    assert browser().get(address(abroad)).status_code == 404
    assert not own_riding.choose(abroad, ridings[0])


def test_a_withdrawn_or_erased_signature_has_none_to_choose(
    signature: Signature, ridings: list[Riding]
) -> None:
    withdrawing.erase(signature)
    assert not own_riding.choose(signature, ridings[1])
    assert post(signature, postal_code="v3b1a1", second="1", riding=59009).status_code == 404
    signature.refresh_from_db()
    assert signature.riding is None
