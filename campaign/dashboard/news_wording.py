"""What the desk says of a post: where it stands, in a word and in a sentence."""

from django.utils.translation import gettext, pgettext

from campaign.newsroom.models import Post
from campaign.newsroom.states import PostState
from petitions import formats


def label(post: Post, *, is_public: bool) -> str:
    if post.state == PostState.PUBLISHED and not is_public:
        return pgettext("post", "Scheduled")
    return str(PostState(post.state).label)


def tag(post: Post, *, is_public: bool) -> str:
    """The class of the mark beside it: none for what everybody reads."""
    if is_public:
        return ""
    return "wait" if post.state == PostState.PUBLISHED else "closed"


def sentence(post: Post, *, is_public: bool) -> str:
    if post.published_at is None:
        return gettext("A draft that only the desk sees.")
    at = formats.moment(post.published_at)
    if post.state == PostState.WITHDRAWN:
        return gettext("It was published on %(at)s. Its address says that it was removed.") % {
            "at": at
        }
    if is_public:
        return gettext("Everybody reads it since %(at)s.") % {"at": at}
    return gettext("It appears on %(at)s.") % {"at": at}
