"""Copies of official texts: which files are taken, and what stays of one that is gone."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from campaign.newsroom.domain import documents
from campaign.newsroom.domain.documents import Copy
from campaign.newsroom.models import Document, Resolution
from petitions import clock
from petitions.models import AuditEvent
from tests.factories import people
from tests.factories import resolutions as make

pytestmark = pytest.mark.django_db


def _lines() -> list[tuple[str, dict[str, str]]]:
    found = AuditEvent.objects.filter(kind__startswith="document").order_by("pk")
    return list(found.values_list("kind", "detail"))


# --- the rows --------------------------------------------------------------------------------


def test_a_copy_is_kept_whole_with_its_digest() -> None:
    who, decision, content = people.person(), make.resolution(), make.pdf("the text")
    kept = documents.keep(decision, make.copy(content=content), by=who)
    found = Document.objects.get()
    assert found == kept
    assert bytes(found.content) == content
    assert (found.size, found.sha256) == (len(content), sha256(content).hexdigest())
    assert (found.source_url, found.retrieved_on) == (make.SOURCE, date(2018, 11, 2))
    assert (found.added_by, found.added_at.date()) == (who, timezone.now().date())
    assert _lines() == [
        (
            "document_kept",
            {"resolution": decision.slug, "language": "en", "digest": found.sha256},
        )
    ]


def test_there_is_one_copy_of_a_decision_in_a_language() -> None:
    first = make.document()
    make.document(first.resolution, "fr")
    make.document()
    columns = {
        field.attname: getattr(first, field.attname)
        for field in Document._meta.concrete_fields
        if not field.primary_key
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(**columns)


def test_an_empty_copy_cannot_be_stored() -> None:
    kept = make.document()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=kept.pk).update(size=0)


def test_whoever_lists_copies_reads_no_file() -> None:
    decision = make.document().resolution
    for found in (Document.objects.get(), decision.documents.get()):
        assert found.get_deferred_fields() == {"content"}
    (prefetched,) = Resolution.objects.prefetch_related("documents").get().documents.all()
    assert prefetched.get_deferred_fields() == {"content"}


def test_a_copy_outlives_the_account_that_added_it() -> None:
    who = people.person()
    kept = documents.keep(make.resolution(), make.copy(), by=who)
    who.delete()
    kept.refresh_from_db()
    assert kept.added_by is None


def test_a_decision_is_deleted_only_after_its_copies() -> None:
    kept = make.document()
    with pytest.raises(ProtectedError):
        kept.resolution.delete()
    documents.remove(kept, by=people.person())
    kept.resolution.delete()
    assert not Resolution.objects.exists()


@pytest.mark.parametrize("text", ["", "en  fr", "en,fr", "en en", "de", "EN"])
def test_a_decision_is_in_some_of_our_languages_each_once(text: str) -> None:
    row = make.resolution(official_languages="km fr")
    row.clean_fields()
    assert row.languages == ["km", "fr"]
    row.official_languages = text
    with pytest.raises(ValidationError) as refused:
        row.clean_fields()
    assert list(refused.value.message_dict) == ["official_languages"]


# --- replacing and removing ------------------------------------------------------------------


def test_of_a_replaced_copy_only_the_audit_log_knows() -> None:
    old = make.document(content=make.pdf("old"))
    new = documents.keep(old.resolution, make.copy(content=make.pdf("new")), by=people.person())
    assert bytes(Document.objects.get().content) == make.pdf("new")
    assert _lines()[-1] == (
        "document_kept",
        {
            "resolution": old.resolution.slug,
            "language": "en",
            "digest": new.sha256,
            "before": old.sha256,
        },
    )


def test_a_removed_copy_is_gone_and_its_digest_noted_once() -> None:
    kept, other = make.document(), make.document()
    for _turn in range(2):
        documents.remove(kept, by=people.person())
    assert list(Document.objects.all()) == [other]
    assert [kind for kind, _detail in _lines()] == 2 * ["document_kept"] + ["document_removed"]
    assert _lines()[-1][1]["digest"] == other.sha256


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no whole PDF"),
        (b"<html><script>alert(1)</script></html>", "no whole PDF"),
        (b"<html>" + make.pdf(), "no whole PDF"),
        (make.pdf()[:-10], "no whole PDF"),
        (make.pdf("<</Encrypt 5 0 R>>"), "locked"),
        (make.pdf("<</S/JavaScript/JS(app.alert)>>"), "programs or other files"),
        (make.pdf("<</S/Launch/F(a.exe)>>"), "programs or other files"),
        (make.pdf("<</Type/EmbeddedFile>>"), "programs or other files"),
        (make.pdf("<</Subtype/RichMedia>>"), "programs or other files"),
        (make.pdf(size=documents.LARGEST + 1), "more than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(documents.FileError, match=words):
        _keep(make.copy(content=content))
    assert not Document.objects.exists()
    assert _lines() == []


def test_the_largest_file_is_taken() -> None:
    assert _keep(make.copy(content=make.pdf(size=documents.LARGEST))).size == documents.LARGEST


def test_a_word_that_only_begins_like_it_locks_nothing() -> None:
    assert _keep(make.copy(content=make.pdf("/EncryptMetadataFalse /JavaScripts")))


def test_the_day_is_after_the_decision_and_not_to_come() -> None:
    assert _keep(make.copy(retrieved_on=make.ADOPTED_ON))
    assert _keep(make.copy(retrieved_on=clock.today()))
    with pytest.raises(documents.DayError, match="not been adopted"):
        _keep(make.copy(retrieved_on=make.ADOPTED_ON - timedelta(days=1)))
    with pytest.raises(documents.DayError, match="still to come"):
        _keep(make.copy(retrieved_on=clock.today() + timedelta(days=1)))


def test_there_is_no_copy_in_a_language_that_the_text_does_not_exist_in() -> None:
    with pytest.raises(documents.LanguageError):
        _keep(make.copy("km"))
    assert documents.keep(
        make.resolution(official_languages="km"), make.copy("km"), by=people.person()
    )


def _keep(copy: Copy) -> Document:
    return documents.keep(make.resolution(), copy, by=people.person())
