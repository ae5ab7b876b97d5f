"""The addresses of copies: the very file, as an attachment, or nothing."""

import logging
from hashlib import sha256

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaign.newsroom.domain import documents
from campaign.newsroom.models import Document
from tests.factories import people
from tests.factories import resolutions as make

pytestmark = pytest.mark.django_db


def test_everybody_is_given_the_file_to_keep(client: Client) -> None:
    kept = make.document(make.resolution(slug="ipu"), "fr", content=make.pdf("texte"))
    answer = client.get("/resolutions/ipu/document.fr.pdf")
    assert answer.content == make.pdf("texte")
    names = ("Content-Type", "Content-Disposition", "Content-Language", "ETag")
    assert [answer[name] for name in names] == [
        "application/pdf",
        'attachment; filename="ipu-fr.pdf"',
        "fr-CA",
        f'"{kept.sha256}"',
    ]
    assert sha256(answer.content).hexdigest() == kept.sha256


def test_should_a_browser_show_it_nothing_in_it_acts_for_this_site(client: Client) -> None:
    answer = client.get(make.document().get_absolute_url())
    assert set(answer["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "sandbox",
    }
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_whoever_has_the_file_is_not_sent_it_again(client: Client) -> None:
    kept = make.document()
    address = kept.get_absolute_url()
    headers = {"if-none-match": f'"{kept.sha256}"'}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = client.get(address, headers=headers)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", f'"{kept.sha256}"')
    # Nor is it read.
    assert len(queries) == 1
    assert '"content"' not in queries[0]["sql"]
    documents.keep(kept.resolution, make.copy(content=make.pdf("another")), by=people.person())
    assert client.get(address, headers=headers).content == make.pdf("another")


def test_a_head_is_answered_like_a_get(client: Client) -> None:
    address = make.document().get_absolute_url()
    head, whole = client.head(address), client.get(address)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control"):
        assert head[name] == whole[name]
    assert client.post(address).status_code == 405


def test_there_is_nothing_in_another_language_or_of_another_decision(client: Client) -> None:
    kept = make.document(make.resolution(slug="ipu"))
    make.resolution(slug="other")
    for path in ("ipu/document.fr.pdf", "ipu/document.de.pdf", "other/document.en.pdf"):
        assert client.get(f"/resolutions/{path}").status_code == 404
    documents.remove(kept, by=people.person())
    assert client.get("/resolutions/ipu/document.en.pdf").status_code == 404


def test_a_file_that_is_no_longer_what_was_stored_is_not_given_out(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    kept = make.document()
    Document.objects.filter(pk=kept.pk).update(content=make.pdf("not the text"))
    with caplog.at_level(logging.ERROR):
        answer = client.get(kept.get_absolute_url())
    assert (answer.status_code, answer["Cache-Control"]) == (500, "no-store")
    assert b"not the text" not in answer.content
    assert f"document {kept.pk}: not the file that was stored" in caplog.text
