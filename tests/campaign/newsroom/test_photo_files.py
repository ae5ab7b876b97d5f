"""The addresses of photographs: who is given a file, as what, and whether it may be kept."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation
from pytest_django import Settings

from campaign.accounts.roles import Role
from campaign.newsroom.models import Photo, Post
from campaign.newsroom.states import PostState
from tests.factories import people
from tests.factories import posts as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def photo() -> Photo:
    return make.photo(make.post())


def _addresses(photo: Photo) -> dict[str, str]:
    return {file.format: file.get_absolute_url() for file in photo.files.all()}


@pytest.mark.parametrize(("kind", "content_type"), [("webp", "image/webp"), ("jpg", "image/jpeg")])
def test_of_a_public_post_anybody_is_given_it_for_good(
    photo: Photo, kind: str, content_type: str
) -> None:
    Post.objects.update(state=PostState.PUBLISHED, published_at=timezone.now())
    address = _addresses(photo)[kind]
    assert address == f"/photos/{photo.public_id}-64.{kind}"
    answer = Client().get(address)
    assert answer.content == bytes(photo.files.get(format=kind).content)
    headers = ("Content-Type", "Cache-Control", "X-Content-Type-Options")
    assert [answer.headers.get(name) for name in headers] == [
        content_type,
        "public, max-age=31536000, immutable",
        "nosniff",
    ]
    assert "Cookie" not in answer["Vary"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"state": PostState.PUBLISHED, "published_at": timezone.now() + timedelta(days=1)},
        {"state": PostState.WITHDRAWN, "published_at": timezone.now()},
    ],
)
def test_of_another_post_only_whoever_writes_news_is(
    photo: Photo, fields: dict[str, object]
) -> None:
    Post.objects.update(**fields)
    address = _addresses(photo)["jpg"]
    assert Client().get(address).status_code == 404
    assert people.log_in(people.person(Role.BRIEFER)).get(address).status_code == 404
    answer = people.log_in(people.person(Role.TRANSLATOR)).get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


def test_there_is_nothing_at_another_size_or_format(photo: Photo) -> None:
    Post.objects.update(state=PostState.PUBLISHED, published_at=timezone.now())
    for name in (f"{photo.public_id}-65.jpg", f"{photo.public_id}-64.png"):
        assert Client().get(f"/photos/{name}").status_code == 404


def test_a_page_says_its_size_and_what_it_shows(photo: Photo) -> None:
    photo.alt_km = None
    photo.caption_fr = "Devant le Parlement"
    with translation.override("fr"):
        html = render_to_string("components/photo.html", {"photo": photo})
    webp, jpeg = _addresses(photo)["webp"], _addresses(photo)["jpg"]
    assert f'srcset="{webp} 64w"' in html
    assert f'src="{jpeg}"' in html
    assert 'width="64" height="48"' in html
    assert f'alt="{photo.alt_fr}"' in html
    assert "Devant le Parlement" in html
    assert "lazy" not in html
    with translation.override("km"):
        photo.position = 2
        html = render_to_string("components/photo.html", {"photo": photo})
    # Not in Khmer yet: the words say which language they are in.
    assert f'alt="{photo.alt_en}" lang="en-CA" loading="lazy"' in html
