"""The photographs of a post: taken in while it is a draft, in their order, and taken out."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from campaign.newsroom import texts
from campaign.newsroom.domain import pictures, posts
from campaign.newsroom.domain.posts import PostError
from campaign.newsroom.models import Photo, PhotoFile, Post
from campaign.newsroom.states import PostState
from petitions import formats

#: More would be slow on a phone, and a page of its own.
MOST = 6


class PhotoError(PostError):
    """The photograph was not taken in or moved; the text says why."""


def add(post: Post, content: bytes, *, by: AbstractBaseUser) -> Photo:
    """The last one of the post. Raises `PhotoError` or `pictures.PictureError`."""
    # First what takes seconds: nobody waits for the row meanwhile.
    drawn = pictures.draw(content)
    with transaction.atomic():
        locked = _lock_draft(post)
        number = locked.photos.count()
        if number >= MOST:
            raise PhotoError(
                gettext("A post has %(limit)s photographs at most: remove one first")
                % {"limit": formats.number(MOST)}
            )
        photo = Photo.objects.create(post=locked, position=number + 1)
        PhotoFile.objects.bulk_create(
            PhotoFile(
                photo=photo,
                format=file.format,
                width=file.width,
                height=file.height,
                content=file.content,
            )
            for file in drawn
        )
        texts.record(locked, by=by)
    return photo


@transaction.atomic
def move_up(photo: Photo, *, by: AbstractBaseUser) -> None:
    """Before the one above it; the texts and what was approved of them go along."""
    locked = _lock_draft(photo.post)
    order = list(locked.photos.all())
    if photo in order[1:]:
        place = order.index(photo)
        order[place - 1], order[place] = order[place], order[place - 1]
        _number(order)
        texts.record(locked, by=by)


@transaction.atomic
def remove(photo: Photo, *, by: AbstractBaseUser) -> None:
    """Takes it out with all its files, at any time: somebody on it may be in danger."""
    locked = posts.lock(photo.post)
    photo.delete()
    _number(list(locked.photos.all()))
    texts.record(locked, by=by)


def _lock_draft(post: Post) -> Post:
    locked = posts.lock(post)
    if locked.state != PostState.DRAFT:
        raise PhotoError(gettext("Photographs are chosen before a post is published"))
    return locked


def _number(order: list[Photo]) -> None:
    for position, photo in enumerate(order, start=1):
        photo.position = position
    Photo.objects.bulk_update(order, ["position"])


def shown() -> QuerySet[PhotoFile]:
    """The files that anybody may see."""
    return PhotoFile.objects.filter(photo__post__in=Post.objects.public())
