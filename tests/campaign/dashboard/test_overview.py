"""The overview as a page: who sees what, filters, the list of what to do, its queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaign.accounts.roles import Role
from petitions.models import Petition
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/desk/").status_code == 200
    for q in captured.captured_queries:
        print(q["sql"][:150], "\n")
    return len(captured.captured_queries)


def test_it(petition: Petition) -> None:
    make.confirmed(petition)
    user = people.person(Role.ADMIN)
    client = people.log_in_with_code(user, people.second_factor(user))
    print(_queries(client))
