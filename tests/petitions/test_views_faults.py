"""The database away in the middle of something: said so, nothing lost, nothing half saved."""

from collections.abc import Callable
from typing import NoReturn

import pytest
from django.db import InterfaceError, OperationalError

from petitions.domain import mailing, signing, tokens
from petitions.models import Delivery, Petition, Signature
from petitions.states import SignatureState
from tests.factories import petitions as make
from tests.pages import browser, heading, main_text, read, typed

pytestmark = pytest.mark.django_db

Breaking = Callable[[str], None]


@pytest.fixture(params=[OperationalError, InterfaceError])
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Breaking:
    def away(*args: object, **kwargs: object) -> NoReturn:
        raise request.param("the server closed the connection unexpectedly")

    return lambda target: monkeypatch.setattr(target, away)


def address(petition: Petition) -> str:
    return f"/en/petitions/{petition.slug}/sign/"


@pytest.mark.parametrize(
    "where",
    [
        "petitions.views.signing.public_petition",
        "petitions.domain.signing.submit",
        "petitions.domain.signing.mailing.queue_sign_mail",
        "petitions.presentation.counter",
    ],
)
def test_a_form_sent_meanwhile_comes_back_with_everything_in_it(
    petition: Petition, broken: Breaking, where: str
) -> None:
    data = make.form_data(petition, name="សុខ ដារ៉ា", updates="on", source="fb")
    # The look at the petition's figures comes into play for a form with an error.
    if where == "petitions.presentation.counter":
        data["name"] = ""
    broken(where)
    response = browser().post(address(petition), data)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        503,
        "60",
        "no-store",
    )
    assert typed(response) == {**data, "checked": ""}
    assert "Your signature was not saved" in main_text(response)
    assert not Signature.objects.exists()
    assert not Delivery.objects.exists()


def test_the_same_form_sent_again_is_stored(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> NoReturn:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "queue_sign_mail", away)
        response = browser().post(address(petition), make.form_data(petition))
    assert browser().post(address(petition), typed(response)).status_code == 303
    assert (Signature.objects.count(), Delivery.objects.count()) == (1, 1)


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_without_a_database_the_page_needs_none(
    petition: Petition, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    data = make.form_data(petition)

    def away(*args: object, **kwargs: object) -> NoReturn:
        raise OperationalError

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
    response = browser().post(f"/{language}/petitions/{petition.slug}/sign/", data)
    switch = read(response).one("html").attributes["lang"]
    assert (response.status_code, switch[:2]) == (503, language)
    assert typed(response) == {**data, "source": "", "checked": ""}


@pytest.mark.parametrize("path", ["/en/", "/en/petitions/", "/en/my-signature/", "/readyz"])
def test_other_pages_say_it_in_three_languages(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def away(*args: object, **kwargs: object) -> NoReturn:
        raise OperationalError

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
    method = "post" if path == "/en/my-signature/" else "get"
    response = getattr(browser(), method)(path, {"email": "dara@example.org"})
    languages = [each.attributes["lang"] for each in read(response).all("section")]
    assert (response.status_code, response["Retry-After"], languages) == (
        503,
        "30",
        ["km", "en-CA", "fr-CA"],
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_mailed_link_meanwhile_keeps_its_secret_and_still_works(
    petition: Petition, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    signature = make.submitted(petition)
    path = f"/c/{tokens.confirm_token(signature.public_id, 0)}"

    def away(*args: object, **kwargs: object) -> NoReturn:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
        response = getattr(browser(), method)(path)
    assert (
        response.status_code,
        response["Retry-After"],
        response["Referrer-Policy"],
        response["Cache-Control"],
    ) == (503, "30", "no-referrer", "no-store")
    assert browser().post(path).status_code == 303


def test_a_press_that_fails_half_way_counts_nothing(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = make.submitted(petition, wants_news=True)

    def away(*args: object, **kwargs: object) -> NoReturn:
        raise OperationalError

    monkeypatch.setattr(signing, "_subscribe", away)
    path = f"/c/{tokens.confirm_token(signature.public_id, 0)}"
    assert browser().post(path).status_code == 503
    signature.refresh_from_db()
    assert (signature.state, signature.mail_address is None) == (SignatureState.PENDING, False)


def test_the_heading_asks_for_the_same_act(petition: Petition, broken: Breaking) -> None:
    broken("petitions.domain.signing.submit")
    response = browser().post(address(petition), make.form_data(petition))
    assert heading(response) == "Sign the petition"
