"""The life of a post: what each step asks for, what it refuses, and what is written down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.accounts.models import User
from campaign.newsroom import texts
from campaign.newsroom.domain import photos, pictures, posts
from campaign.newsroom.models import Photo, PhotoFile, Post, PostCorrection, Tag
from campaign.newsroom.states import STEPS, PostState
from petitions import clock
from petitions.domain import translating
from petitions.models import AuditEvent
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import posts as make

pytestmark = pytest.mark.django_db
S = PostState
NOTE = {"en": "It was Monday.", "fr": "C'était lundi.", "km": "គឺថ្ងៃចន្ទ។"}


@pytest.fixture
def editor() -> User:
    return people.person()


def _wordings(post: Post, **changes: str) -> dict[str, dict[str, str]]:
    """Its texts as they stand, with `title_en` and the like replaced."""
    found = {name: dict(each) for name, each in texts.subject_of(post).texts.items()}
    for key, text in changes.items():
        name, _line, language = key.rpartition("_")
        found[name][language] = text
    return found


def _save(post: Post, by: User, **changes: str) -> Post:
    wordings, digest = _wordings(post, **changes), texts.subject_of(post).digest()
    return posts.save_texts(post, wordings=wordings, based_on=digest, by=by)


def _acts() -> list[tuple[str, dict[str, str], int | None]]:
    return list(AuditEvent.objects.order_by("pk").values_list("kind", "detail", "actor"))


# --- beginning -------------------------------------------------------------------------------


def test_a_title_in_one_language_is_enough_to_begin(editor: User) -> None:
    post = posts.create(title="A meeting in Ottawa", language="en", slug="", by=editor)
    assert (post.slug, post.state) == ("a-meeting-in-ottawa", S.DRAFT)
    state = translating.states(texts.subject_of(post))["title", "en"]
    assert state.written_by == editor
    assert posts.reasons_against(post)[0] == "Title in French is missing."


def test_a_khmer_title_needs_an_address(editor: User) -> None:
    with pytest.raises(posts.AddressError, match="Latin letters"):
        posts.create(title="ជំនួប", language="km", slug="", by=editor)
    assert posts.create(title="ជំនួប", language="km", slug="meeting", by=editor).slug == "meeting"


def test_an_address_is_taken_once_and_stays_once_published(editor: User) -> None:
    first, second = make.post(slug="first"), make.post()
    with pytest.raises(posts.AddressError, match="taken"):
        posts.create(title="Other", language="en", slug="first", by=editor)
    with pytest.raises(posts.AddressError, match="taken"):
        posts.save_details(second, slug="first", tags=[])
    tag = Tag.objects.create(slug="ottawa", name_en="Ottawa")
    assert posts.save_details(first, slug="earliest", tags=[tag]).slug == "earliest"
    assert list(first.tags.all()) == [tag]
    assert "ottawa" in Post.objects.get(pk=first.pk).search
    Post.objects.update(state=S.PUBLISHED, published_at=timezone.now())
    with pytest.raises(posts.StateError, match="stays as it is"):
        posts.save_details(first, slug="again", tags=[])


# --- texts -----------------------------------------------------------------------------------


def test_texts_are_saved_tidily_with_who_wrote_them(editor: User) -> None:
    post = make.approved(make.post())
    body = "One\r\n\r\n\r\n\r\n- two  \n  - three\u200b\n"
    saved = _save(post, editor, title_km="  ចំណង  ជើង ", body_en=body)
    assert "one two three" in Post.objects.get().search
    assert (saved.title_km, saved.body_en) == ("ចំណង ជើង", "One\n\n- two\n  - three")
    states = translating.states(texts.subject_of(saved))
    assert states["title", "km"].written_by == editor
    assert states["summary", "km"].status == "approved"


def test_texts_that_somebody_changed_meanwhile_are_not_overwritten(editor: User) -> None:
    post = make.post()
    digest = texts.subject_of(post).digest()
    _save(post, editor, title_en="Hers")
    with pytest.raises(posts.StaleError):
        posts.save_texts(post, wordings=_wordings(post), based_on=digest, by=editor)
    post.refresh_from_db()
    assert post.title_en == "Hers"


def test_a_scheduled_and_a_withdrawn_post_are_not_changed(editor: User) -> None:
    post = make.published(published_at=timezone.now() + timedelta(days=1))
    with pytest.raises(posts.StateError, match="take it back"):
        _save(post, editor, title_en="Other")
    Post.objects.update(state=S.WITHDRAWN)
    with pytest.raises(posts.StateError, match="stays as it is"):
        _save(Post.objects.get(), editor, title_en="Other")


def test_of_what_everybody_reads_nothing_goes_missing(editor: User) -> None:
    post = make.published(title_en="Monday")
    _save(post, editor, title_en="Tuesday")
    with pytest.raises(posts.TextError, match="Title in Khmer is missing"):
        _save(Post.objects.get(), editor, title_km="")
    post.refresh_from_db()
    assert (post.title_en, bool(post.title_km)) == ("Tuesday", True)


# --- steps -----------------------------------------------------------------------------------


def test_what_is_not_approved_is_not_published_and_is_named(editor: User) -> None:
    post = make.approved(make.post())
    _save(post, editor, title_fr="Autre")
    with pytest.raises(posts.UnreadyError) as refused:
        posts.publish(post, at=None, by=editor)
    assert refused.value.reasons == ["Title in French is not approved yet."]
    assert not Post.objects.public().exists()


def test_a_photograph_needs_its_words_in_three_languages(editor: User) -> None:
    post = make.post()
    make.photo(post, alt_km="", caption_en="Who")
    make.approved(post)
    with pytest.raises(posts.UnreadyError) as refused:
        posts.publish(post, at=None, by=editor)
    # A caption may be left out, but not in one language alone.
    assert refused.value.reasons == [
        "What photograph 1 shows in Khmer is missing.",
        "Caption of photograph 1 in French is missing.",
        "Caption of photograph 1 in Khmer is missing.",
    ]


def test_published_now_is_read_now(editor: User) -> None:
    post = make.approved(make.post())
    posts.publish(post, at=None, by=editor)
    assert list(Post.objects.public()) == [post]
    assert _acts() == [("post_published", {"post": post.slug}, editor.pk)]


def test_published_for_later_is_read_later(editor: User, set_clock: SetClock) -> None:
    post = make.approved(make.post())
    at = timezone.now() + timedelta(hours=3)
    assert posts.publish(post, at=at, by=editor).published_at == at
    assert not Post.objects.public().exists()
    set_clock(at)
    assert list(Post.objects.public()) == [post]


def test_nothing_is_published_for_yesterday(editor: User) -> None:
    post = make.approved(make.post())
    with pytest.raises(posts.InstantError):
        posts.publish(post, at=timezone.now() - timedelta(minutes=1), by=editor)


def test_a_scheduled_post_is_taken_back_until_it_appears(editor: User, set_clock: SetClock) -> None:
    at = timezone.now() + timedelta(hours=3)
    post = make.published(published_at=at)
    with pytest.raises(posts.StateError, match="take it back"):
        posts.withdraw(post, by=editor)
    back = posts.take_back(post, by=editor)
    assert (back.state, back.published_at) == (S.DRAFT, None)
    Post.objects.update(state=S.PUBLISHED, published_at=at)
    set_clock(at)
    with pytest.raises(posts.StateError, match="has appeared"):
        posts.take_back(post, by=editor)
    assert [kind for kind, _detail, _by in _acts()] == ["post_back"]


def test_a_withdrawn_post_keeps_its_day_and_stays_gone(editor: User) -> None:
    post = make.published()
    gone = posts.withdraw(post, by=editor)
    assert (gone.state, gone.published_at) == (S.WITHDRAWN, post.published_at)
    for step in (posts.withdraw, posts.take_back):
        with pytest.raises(posts.StateError, match="now “Withdrawn”"):
            step(gone, by=editor)
    with pytest.raises(posts.StateError, match="now “Withdrawn”"):
        posts.publish(gone, at=None, by=editor)
    assert _acts() == [("post_withdrawn", {"post": post.slug}, editor.pk)]


@pytest.mark.parametrize("state", S)
def test_the_table_says_where_each_step_is_possible(state: PostState, editor: User) -> None:
    steps = {
        S.PUBLISHED: lambda post: posts.publish(post, at=None, by=editor),
        S.WITHDRAWN: lambda post: posts.withdraw(post, by=editor),
    }
    for to, step in steps.items():
        post = make.approved(make.published(state=state))
        if to in STEPS[state]:
            assert step(post).state == to
        else:
            with pytest.raises(posts.StateError):
                step(post)


def test_only_what_everybody_reads_is_corrected(editor: User) -> None:
    draft, post = make.post(), make.published()
    with pytest.raises(posts.StateError):
        posts.correct(draft, note=NOTE, by=editor)
    with pytest.raises(posts.TextError, match="all three"):
        posts.correct(post, note={**NOTE, "km": " "}, by=editor)
    posts.correct(post, note=NOTE, by=editor)
    found = PostCorrection.objects.get()
    assert (found.post, found.noted_on, found.text_km) == (post, clock.today(), NOTE["km"])
    assert _acts() == [("post_corrected", {"post": post.slug}, editor.pk)]


# --- photographs -----------------------------------------------------------------------------


def test_photographs_are_stored_in_every_size_and_format(editor: User) -> None:
    post = make.post()
    photo = photos.add(post, make.jpeg(1200, 900), by=editor)
    assert {(file.format, file.width, file.height) for file in photo.files.all()} == {
        ("webp", 480, 360),
        ("jpg", 480, 360),
        ("webp", 960, 720),
        ("jpg", 960, 720),
    }
    assert [file.width for file in photo.sources["webp"]] == [480, 960]
    assert (photo.leads, "alt_1" in texts.subject_of(post).texts) == (True, True)


def test_files_are_listed_without_their_contents(editor: User) -> None:
    photos.add(make.post(), make.jpeg(), by=editor)
    assert PhotoFile.objects.get(format="jpg").get_deferred_fields() == {"content"}


def test_a_post_has_six_photographs_at_most(editor: User) -> None:
    post = make.post()
    for position in range(1, photos.MOST + 1):
        Photo.objects.create(post=post, position=position)
    with pytest.raises(photos.PhotoError, match="6 photographs at most"):
        photos.add(post, make.jpeg(), by=editor)


def test_what_is_no_photograph_leaves_nothing(editor: User) -> None:
    with pytest.raises(pictures.PictureError):
        photos.add(make.post(), b"text", by=editor)
    assert not Photo.objects.exists()


def test_a_photograph_moves_with_what_was_approved_of_it(editor: User) -> None:
    post = make.post()
    first, second = make.photo(post), make.photo(post)
    make.approved(post)
    _save(post, editor, alt_1_en="A crowd")
    photos.move_up(second, by=editor)
    photos.move_up(second, by=editor)
    assert [photo.pk for photo in post.photos.all()] == [second.pk, first.pk]
    states = translating.states(texts.subject_of(post))
    assert (states["alt_1", "en"].status, states["alt_2", "en"].status) == ("approved", "draft")


def test_a_photograph_is_removed_at_any_time_but_chosen_before(editor: User) -> None:
    post = make.post()
    first, second = make.photo(post), make.photo(post)
    Post.objects.update(state=S.PUBLISHED, published_at=timezone.now())
    with pytest.raises(photos.PhotoError, match="before a post is published"):
        photos.add(post, make.jpeg(), by=editor)
    with pytest.raises(photos.PhotoError, match="before a post is published"):
        photos.move_up(second, by=editor)
    photos.remove(first, by=editor)
    assert [(photo.pk, photo.position) for photo in post.photos.all()] == [(second.pk, 1)]
    assert PhotoFile.objects.exclude(photo=second).count() == 0
