"""Mail key and link key change while people sign, confirm and change their address."""

from functools import partial

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from petitions.domain import addresses, mail_keys, signing, tokens
from petitions.models import Signature
from petitions.states import SignatureState
from tests.factories import petitions as make
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 4


def test_nobody_notices_the_change(raced_database: None, settings: Settings) -> None:
    petition = make.open_petition()
    mailed = [make.submitted(petition) for _turn in range(PEOPLE)]
    links = [tokens.confirm_token(row.public_id, row.generation) for row in mailed]
    moving = make.submitted(petition, email="first@example.org")
    settings.PETITIONS_LINK_KEY_FALLBACKS = [settings.PETITIONS_LINK_KEY]
    settings.PETITIONS_LINK_KEY = "another key"
    settings.PETITIONS_MAIL_KEYS = [Fernet.generate_key().decode(), *settings.PETITIONS_MAIL_KEYS]

    def press(link: str) -> object:
        token = tokens.read_confirm_token(link)
        signature = signing.find_by_token(token)
        assert signature is not None
        return signing.confirm_by_link(signature, token)

    done = race(
        mail_keys.renew,
        mail_keys.renew,
        partial(signing.change_address, moving, "second@example.org"),
        partial(make.submitted, petition),
        *(partial(press, link) for link in links),
    )
    assert done[-PEOPLE:] == [signing.Outcome.COUNTED] * PEOPLE
    settings.PETITIONS_MAIL_KEYS = settings.PETITIONS_MAIL_KEYS[:1]
    assert mail_keys.kept() == []
    confirmed = Signature.objects.filter(state=SignatureState.CONFIRMED)
    assert confirmed.filter(mail_address=None).count() == PEOPLE
    moving.refresh_from_db()
    assert addresses.unlock(moving.mail_address or b"") == "second@example.org"
