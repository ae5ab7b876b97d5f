"""The life of a post and the moves that are allowed."""

from django.db import models
from django.utils.translation import pgettext_lazy


class PostState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("post", "Draft")
    PUBLISHED = "published", pgettext_lazy("post", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("post", "Withdrawn")


#: From each state the states it may move to. A withdrawn post was read by people: it stays gone.
STEPS: dict[PostState, frozenset[PostState]] = {
    PostState.DRAFT: frozenset({PostState.PUBLISHED}),
    # Back to a draft only while its instant is still to come.
    PostState.PUBLISHED: frozenset({PostState.DRAFT, PostState.WITHDRAWN}),
    PostState.WITHDRAWN: frozenset(),
}
