"""The form's post: unknown fields, flawed tokens, other sites, and the same form sent again."""

import pytest
from django.test import Client
from django.utils import timezone

from petitions.domain import addresses, tokens
from petitions.models import Delivery, Petition, Signature
from tests.factories import petitions as make
from tests.pages import browser, main_text, summary, typed

pytestmark = pytest.mark.django_db

OPEN_TOO_LONG = "The page was open too long. Your answers are still here: press Sign again"


def address(petition: Petition, language: str = "en") -> str:
    return f"/{language}/petitions/{petition.slug}/sign/"


def nothing_is_stored() -> bool:
    return not Signature.objects.exists() and not Delivery.objects.exists()


# --- fields that nobody asked for (T16) ------------------------------------------------------


def _every_model_field() -> dict[str, str]:
    forged = {
        "state": "confirmed",
        "petition": "999",
        "public_id": "00000000-0000-0000-0000-000000000001",
        "language": "fr",
        "country": "ZZ",
        "province": "BC",
        "eligibility": "resident",
        "residence": "canada",
        "source": "",
        "confirmed_at": "2020-01-01",
        "generation": "7",
    }
    fields = [field.attname for field in Signature._meta.concrete_fields]
    fields += [field.name for field in Signature._meta.get_fields()]
    return {name: forged.get(name, "1") for name in fields}


def _comparable(signature: Signature) -> dict[str, object]:
    """A row without what is random or the clock's in every submit."""
    varying = {
        "id",
        "public_id",
        "box_person",
        "box_email",
        "mail_address",
        "email_index",
        "submission_key",
        "created_at",
        "changed_at",
        "mail_queued_at",
    }
    return {
        field.attname: getattr(signature, field.attname)
        for field in Signature._meta.concrete_fields
        if field.attname not in varying
    }


@pytest.mark.parametrize("way", ["post", "query"])
def test_unknown_fields_change_nothing(client: Client, petition: Petition, way: str) -> None:
    client.post(address(petition), make.form_data(petition))
    plain = Signature.objects.get()
    Signature.objects.all().delete()
    forged, own = _every_model_field(), make.form_data(petition)
    if way == "post":
        client.post(address(petition), {**forged, **own})
    else:
        client.post(address(petition), own, query_params=forged)
    signature = Signature.objects.get()
    assert _comparable(signature) == _comparable(plain)
    assert str(signature.public_id) != forged["public_id"]


def test_looking_with_every_field_stores_nothing(client: Client, petition: Petition) -> None:
    client.get(address(petition), {**_every_model_field(), **make.form_data(petition)})
    assert nothing_is_stored()


def test_json_is_no_form(client: Client, petition: Petition) -> None:
    data = {**_every_model_field(), **make.form_data(petition)}
    response = client.post(address(petition), data, content_type="application/json")
    assert response.status_code == 422
    assert nothing_is_stored()


# --- the form's token ------------------------------------------------------------------------


def _stale(petition: Petition) -> str:
    with pytest.MonkeyPatch.context() as patch:
        past = timezone.now().timestamp() - tokens.FORM_LIFE.total_seconds() - 1
        patch.setattr("time.time", lambda: past)
        return tokens.form_token(petition.public_id, "en")


@pytest.mark.parametrize("flaw", ["expired", "forged", "cut", "empty", "of another petition"])
def test_a_flawed_token_keeps_the_answers_and_gives_a_new_one(
    client: Client, petition: Petition, flaw: str
) -> None:
    good = tokens.form_token(petition.public_id, "en")
    flawed = {
        "expired": lambda: _stale(petition),
        "forged": lambda: good[:-1] + ("A" if good[-1] != "A" else "B"),
        "cut": lambda: good[: len(good) // 2],
        "empty": lambda: "",
        "of another petition": lambda: tokens.form_token(make.open_petition().public_id, "en"),
    }[flaw]()
    data = make.form_data(petition, form_token=flawed)
    response = client.post(address(petition), data)
    kept = typed(response)
    assert response.status_code == 422
    assert summary(response) == [(OPEN_TOO_LONG, "")]
    assert kept == {**data, "form_token": kept["form_token"], "source": "", "checked": ""}
    assert kept["form_token"] != flawed
    assert nothing_is_stored()
    assert client.post(address(petition), kept).status_code == 303


def test_a_form_may_stay_open_for_a_day(client: Client, petition: Petition) -> None:
    with pytest.MonkeyPatch.context() as patch:
        past = timezone.now().timestamp() - tokens.FORM_LIFE.total_seconds() + 60
        patch.setattr("time.time", lambda: past)
        token = tokens.form_token(petition.public_id, "en")
    response = client.post(address(petition), make.form_data(petition, form_token=token))
    assert response.status_code == 303


# --- posts of other sites --------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"origin": "https://evil.example"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver:8080"},
        {"origin": "http://["},
        {"origin": ""},
    ],
)
def test_a_post_of_another_site_is_refused(petition: Petition, headers: dict[str, str]) -> None:
    response = browser(**headers).post(address(petition), make.form_data(petition))
    assert response.status_code == 403
    assert nothing_is_stored()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://testserver"},
        {"sec-fetch-site": "same-origin", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-site", "origin": "null"},
    ],
)
def test_a_post_of_ones_own_page_is_accepted(petition: Petition, headers: dict[str, str]) -> None:
    response = browser(**headers).post(address(petition), make.form_data(petition))
    assert (response.status_code, Signature.objects.count()) == (303, 1)


# --- sent twice, and by two ------------------------------------------------------------------


def test_sent_twice_is_one_signature_and_the_same_page(client: Client, petition: Petition) -> None:
    data = make.form_data(petition)
    answers = [client.post(address(petition), data) for _turn in range(2)]
    pages = [main_text(client.get(answer["Location"])) for answer in answers]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert pages[0] == pages[1]
    assert (Signature.objects.count(), Delivery.objects.count()) == (1, 1)


def test_back_and_another_person_is_a_second_signature(client: Client, petition: Petition) -> None:
    """One phone signs for the whole family, with the same showing of the form."""
    first = make.form_data(petition)
    second = {**first, "name": "Sok Chan", "email": "chan@example.org"}
    for data in (first, second):
        client.post(address(petition), data)
    indexes = {bytes(row.email_index) for row in Signature.objects.all()}
    assert indexes == {addresses.index(data["email"], petition) for data in (first, second)}
