"""Several organizers keep a copy of the same text: one is kept, and each one's digest is noted."""

from functools import partial
from hashlib import sha256

import pytest

from campaign.newsroom.domain import documents
from campaign.newsroom.models import Document
from petitions.models import AuditEvent
from tests.factories import people
from tests.factories import resolutions as make
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_copies_kept_at_once_take_the_place_of_one_another() -> None:
    decision, organizer = make.resolution(), people.person()
    copies = [make.copy(content=make.pdf(f"{number}")) for number in range(5)]
    race(*[partial(documents.keep, decision, copy, by=organizer) for copy in copies])
    kept = Document.objects.get()
    lines = [line.detail for line in AuditEvent.objects.filter(kind="document_kept").order_by("pk")]
    digests = [line["digest"] for line in lines]
    assert sorted(digests) == sorted(sha256(copy.content).hexdigest() for copy in copies)
    assert [line.get("before") for line in lines] == [None, *digests[:-1]]
    assert kept.sha256 == digests[-1]


def test_a_copy_removed_twice_at_once_is_noted_once() -> None:
    kept, organizer = make.document(), people.person()
    race(*[partial(documents.remove, kept, by=organizer)] * 4)
    assert not Document.objects.exists()
    assert AuditEvent.objects.filter(kind="document_removed").count() == 1
