"""News: posts, their photographs, sources, corrections and tags."""

import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.newsroom.models.files import FileManager
from campaign.newsroom.states import PostState
from petitions import clock


class Tag(models.Model):
    """A subject under which posts are found."""

    slug = models.SlugField(unique=True, help_text=_("Latin letters: part of the address."))
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    def public(self) -> "PostQuerySet":
        """What anybody may read at this instant, by the database's clock."""
        return self.filter(state=PostState.PUBLISHED, published_at__lte=clock.db_now())


class Post(models.Model):
    """A piece of news. `body` is Markdown: paragraphs, lists, bold, headings, links.

    `state` is changed by `campaign.newsroom.domain.posts` and by nothing else. A post that is
    published with an instant still to come is scheduled: nobody reads it before.
    `search` is what the search looks through, folded (`campaign.newsroom.domain.searching`).
    """

    slug = models.SlugField(unique=True, help_text=_("Latin letters: part of the address."))
    state = models.CharField(
        max_length=9, choices=PostState.choices, default=PostState.DRAFT, editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True)
    title = models.CharField(_("Title"), max_length=120)
    summary = models.TextField(_("Summary"))
    body = models.TextField()
    author = models.CharField(max_length=120, blank=True)
    tags = models.ManyToManyField(Tag, related_name="posts", blank=True)
    search = models.TextField(editable=False, default="")
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="post_state_known", condition=Q(state__in=PostState.values)
            ),
            models.CheckConstraint(
                name="post_published_has_instant",
                condition=~Q(state=PostState.PUBLISHED) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PostCorrection(models.Model):
    """A dated public note about what was changed after publication. Appended, never edited."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="corrections")
    noted_on = models.DateField()
    text = models.TextField()

    class Meta:
        ordering = ["-noted_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.noted_on}: {self.text}"


class PostSource(models.Model):
    """Where readers can check what a post says, named as its publisher names it.

    It stands in its own language on the pages of all three: nobody translates it.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("Title"), max_length=200)
    publisher = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    url = models.URLField(max_length=500)
    published_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "url"], name="post_source_once"),
            models.CheckConstraint(
                name="post_source_is_of_the_web",
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def host(self) -> str:
        """Where the link really leads to."""
        return urlsplit(self.url).hostname or ""


class Photo(models.Model):
    """A photograph of a post; the first leads. What is kept was drawn anew: no camera, no place.

    `alt` says in words what is to be seen, and is required in every language.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField(default=1)
    alt = models.CharField(_("What is to be seen"), max_length=240)
    caption = models.CharField(_("Caption"), max_length=240, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.alt

    @property
    def leads(self) -> bool:
        """Whether it stands first, where readers see it without scrolling."""
        return self.position == 1

    @property
    def sources(self) -> dict[str, list["PhotoFile"]]:
        """Its files by format (`webp`, `jpg`), the smallest first; `files` may be prefetched."""
        files = sorted(self.files.all(), key=lambda file: file.width)
        return {
            kind: [file for file in files if file.format == kind]
            for kind in PhotoFile.Format.values
        }


class PhotoFile(models.Model):
    """One size and format of a photograph. In the database, so that backups and servers have it."""

    class Format(models.TextChoices):
        WEBP = "webp", "WebP"
        JPEG = "jpg", "JPEG"

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="files")
    format = models.CharField(max_length=4, choices=Format.choices)
    width = models.PositiveSmallIntegerField(help_text=_("In pixels."))
    height = models.PositiveSmallIntegerField(help_text=_("In pixels."))
    content = models.BinaryField()

    objects = FileManager["PhotoFile"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "format", "width"], name="photo_file_once_per_size"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.width} × {self.height} {self.format}"

    def get_absolute_url(self) -> str:
        return reverse("photo", args=[self.photo.public_id, self.width, self.format])
