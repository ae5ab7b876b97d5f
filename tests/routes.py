"""One of everything that has an address, and what holds at each address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.mail import EmailMessage
from django.utils import timezone

from campaign import mailbox
from campaign.newsroom.models import Guide, Page, Post, Question, Resolution
from campaign.newsroom.states import PostState
from petitions.domain import sharing, tokens
from petitions.models import Petition, PetitionEvent, ShareLink, Signature, Subscription
from petitions.states import PetitionKind, PetitionState
from tests.factories import house, news, outcomes, people, posts, resolutions
from tests.factories import petitions as make


@dataclass(frozen=True)
class Scene:
    petition: Petition
    companion: Petition  # with a response, so that its file has an address
    removed: Petition
    waiting: Signature
    expired: Signature
    counted: Signature
    subscription: Subscription
    link: ShareLink
    mail_id: str

    def handle(self, signature: Signature) -> str:
        return tokens.make_handle(signature.public_id, "dara@example.org")


def removed_petition() -> Petition:
    """A petition that everybody had seen before it was withdrawn."""
    petition = make.open_petition()
    Petition.objects.filter(pk=petition.pk).update(state=PetitionState.WITHDRAWN)
    PetitionEvent.objects.create(
        petition=petition,
        happened_at=timezone.now(),
        from_state=PetitionState.OPEN,
        to_state=PetitionState.WITHDRAWN,
    )
    return Petition.objects.get(pk=petition.pk)


def expire_link(signature: Signature) -> None:
    """Its mail left eight days ago."""
    left = timezone.now() - timedelta(days=8)
    Signature.objects.filter(pk=signature.pk).update(
        created_at=left, first_mail_at=left, link_sent_at=left
    )
    signature.refresh_from_db()


def write_pages() -> None:
    """The prose that every page's frame links to."""
    for slug in ("about", "privacy", "terms", "accessibility"):
        in_three = {f"title_{code}": f"{slug} {code}" for code in ("en", "fr", "km")}
        Page.objects.create(slug=slug, body_en="Words.", **in_three)
    Question.objects.create(slug="why", question_en="Why?", answer_en="Because.")
    Guide.objects.create(slug="sign", title_en="How to sign", intro_en="Five steps.")
    Resolution.objects.create(
        slug="a-decision", title_en="A decision", reference="1/2", adopted_on=date(2018, 10, 18)
    )
    news.post(slug="a-post", tags=[news.tag("a-subject")])
    news.happening(slug="an-event", starts_at=timezone.now() + timedelta(days=90))


def make_scene() -> Scene:
    """Needs a VAR_DIR of its own, for the kept mail."""
    petition = make.open_petition()
    expired = make.submitted(petition)
    Petition.objects.filter(pk=petition.pk).update(opens_at=timezone.now() - timedelta(days=9))
    expire_link(expired)
    write_pages()
    mailbox.EmailBackend().send_messages([EmailMessage("subject", "body", to=["a@example.org"])])
    counted = make.confirmed(petition, wants_news=True)
    companion = make.open_petition(
        slug="companion", kind=PetitionKind.COMPANION, house_number="e-9999"
    )
    outcomes.response_file(companion)
    return Scene(
        petition=petition,
        companion=companion,
        removed=removed_petition(),
        waiting=make.submitted(petition),
        expired=expired,
        counted=counted,
        subscription=Subscription.objects.get(),
        link=sharing.make_link(petition, place="Temple", kind="poster", by=people.person()),
        mail_id=mailbox.mails()[0].id,
    )


#: The whole Content-Security-Policy of every page, in order.
POLICY = [
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
]
#: And of the card for other people's sites: whoever likes may frame it, and it does nothing.
CARD_POLICY = [
    "base-uri 'none'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'none'",
    "frame-ancestors *",
    "style-src 'self'",
]
#: Of a file that others wrote, should a browser show it: nothing in it acts for this site.
FILE_POLICY = [
    "base-uri 'none'",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "sandbox",
]


@dataclass(frozen=True)
class Route:
    address: Callable[[Scene], str]
    posts: bool = False
    cache: str = "no-cache"
    referrer: str = "same-origin"
    status: int = 200
    policy: list[str] = field(default_factory=lambda: POLICY)

    @property
    def is_framable(self) -> bool:
        return self.policy is CARD_POLICY


def _page(rest: str, language: str = "en") -> Callable[[Scene], str]:
    return lambda scene: f"/{language}/{rest}".format(
        slug=scene.petition.slug, removed=scene.removed.slug
    )


def _check(chosen: str) -> Callable[[Scene], str]:
    def address(scene: Scene) -> str:
        handle = scene.handle(getattr(scene, chosen))
        return f"/en/petitions/{scene.petition.slug}/check-email/{handle}/"

    return address


def _confirm(chosen: str) -> Callable[[Scene], str]:
    def address(scene: Scene) -> str:
        signature: Signature = getattr(scene, chosen)
        return f"/c/{tokens.confirm_token(signature.public_id, signature.generation)}"

    return address


def _manage(scene: Scene) -> str:
    return f"/m/{tokens.manage_token(scene.counted.public_id, timezone.now())}"


def _manage_expired(scene: Scene) -> str:
    past = timezone.now() - timedelta(hours=1)
    return f"/m/{tokens.manage_token(scene.counted.public_id, past)}"


def _support(scene: Scene) -> str:
    return house.support_link(house.asked())


def _office(scene: Scene) -> str:
    return house.office_link(house.member_asked())


def _photo(_scene: Scene) -> str:
    photo = posts.photo(posts.post())
    Post.objects.update(state=PostState.PUBLISHED, published_at=timezone.now())
    return photo.files.get(format="jpg").get_absolute_url()


def _step(_scene: Scene) -> str:
    if not Guide.objects.filter(slug="this-site").exists():
        news.guide()
    return "/km/how-to-sign/step-3.png"


def _document(_scene: Scene) -> str:
    return resolutions.document().get_absolute_url()


def _unsubscribe(scene: Scene) -> str:
    return f"/u/{tokens.unsubscribe_token(scene.subscription.public_id)}"


_OWN = {"posts": True, "cache": "no-store"}
_MAILED = {"posts": True, "cache": "no-store", "referrer": "no-referrer"}

#: Every address of the contract that exists so far.
ROUTES: dict[str, Route] = {
    "choose language": Route(lambda scene: "/"),
    "home": Route(_page("")),
    "home km": Route(_page("", "km")),
    "home fr": Route(_page("", "fr")),
    "manifest": Route(_page("manifest.webmanifest", "km")),
    "list": Route(_page("petitions/")),
    "petition": Route(_page("petitions/{slug}/")),
    "petition km": Route(_page("petitions/{slug}/?s=fb", "km")),
    "petition in any language": Route(
        lambda scene: f"/petitions/{scene.petition.slug}/?s=poster", status=302
    ),
    "short link": Route(lambda scene: f"/s/{scene.link.code}", status=302),
    "petition removed": Route(_page("petitions/{removed}/"), status=410),
    "official petition": Route(lambda scene: "/en/petitions/companion/official/"),
    "sign": Route(_page("petitions/{slug}/sign/"), **_OWN),
    "sign removed": Route(_page("petitions/{removed}/sign/"), status=410, **_OWN),
    "check email": Route(_check("waiting"), **_OWN),
    "check email of a counted one": Route(_check("counted"), **_OWN),
    "check email unknown": Route(
        _page("petitions/{slug}/check-email/nothing/"), status=404, **_OWN
    ),
    "thanks": Route(_page("petitions/{slug}/thanks/"), cache="no-store"),
    "thanks removed": Route(_page("petitions/{removed}/thanks/"), cache="no-store", status=410),
    "my signature": Route(_page("my-signature/"), **_OWN),
    "card": Route(
        lambda scene: f"/embed/{scene.petition.slug}/?lang=km&from=temple.example.org",
        policy=CARD_POLICY,
    ),
    "card removed": Route(
        lambda scene: f"/embed/{scene.removed.slug}/", status=410, policy=CARD_POLICY
    ),
    "card unknown": Route(lambda scene: "/embed/nothing/?lang=fr", status=404, policy=CARD_POLICY),
    "code of the card": Route(
        _page("petitions/{slug}/embed/"), policy=sorted([*POLICY, "frame-src 'self'"])
    ),
    "count": Route(
        lambda scene: f"/petitions/{scene.petition.slug}/count.json", cache="public, max-age=1"
    ),
    "count removed": Route(
        lambda scene: f"/petitions/{scene.removed.slug}/count.json",
        cache="public, max-age=1",
        status=410,
    ),
    "paper sheet": Route(lambda scene: f"/petitions/{scene.petition.slug}/paper-sheet.en.pdf"),
    "cover note": Route(lambda scene: f"/petitions/{scene.petition.slug}/cover-sheet.pdf"),
    "share": Route(_page("petitions/{slug}/share/")),
    "share km": Route(_page("petitions/{slug}/share/", "km")),
    "share removed": Route(_page("petitions/{removed}/share/"), status=410),
    "picture for shared links": Route(
        lambda scene: f"/petitions/{scene.petition.slug}/card-km.png",
        cache="public, max-age=3600",
    ),
    "poster": Route(lambda scene: f"/petitions/{scene.petition.slug}/poster-letter.pdf"),
    "code for cameras": Route(lambda scene: f"/petitions/{scene.petition.slug}/qr.svg"),
    "petition as data": Route(
        lambda scene: f"/petitions/{scene.petition.slug}.json", cache="public, max-age=1"
    ),
    "petition as data removed": Route(
        lambda scene: f"/petitions/{scene.removed.slug}.json",
        cache="public, max-age=1",
        status=410,
    ),
    "robots": Route(lambda scene: "/robots.txt"),
    "sitemap": Route(lambda scene: "/sitemap.xml"),
    "petitions as data": Route(lambda scene: "/petitions.json", cache="public, max-age=1"),
    "response": Route(
        lambda scene: f"/petitions/{scene.companion.slug}/response.en.pdf",
        cache="public, max-age=60",
    ),
    "response removed": Route(
        lambda scene: f"/petitions/{scene.removed.slug}/response.en.pdf", status=410
    ),
    "confirm": Route(_confirm("waiting"), **_MAILED),
    "confirm expired": Route(_confirm("expired"), **_MAILED),
    "confirm counted": Route(_confirm("counted"), **_MAILED),
    "confirm unknown": Route(lambda scene: "/c/nothing", status=404, **_MAILED),
    "manage": Route(_manage, **_MAILED),
    "manage expired": Route(_manage_expired, status=410, **_MAILED),
    "manage unknown": Route(lambda scene: "/m/nothing", status=404, **_MAILED),
    "my riding": Route(lambda scene: f"{_manage(scene)}/riding", **_MAILED),
    "my riding expired": Route(
        lambda scene: f"{_manage_expired(scene)}/riding", status=410, **_MAILED
    ),
    "unsubscribe": Route(_unsubscribe, **_MAILED),
    "unsubscribe unknown": Route(lambda scene: "/u/nothing", status=404, **_MAILED),
    "support": Route(_support, **_MAILED),
    "support unknown": Route(lambda scene: "/support/nothing", status=404, **_MAILED),
    "office of a Member": Route(_office, **_MAILED),
    "office unknown": Route(lambda scene: "/mp/nothing", status=404, **_MAILED),
    "news": Route(_page("news/")),
    "news on a subject": Route(_page("news/?tag=a-subject", "fr")),
    "news searched": Route(_page("news/?q=title", "km")),
    "article": Route(_page("news/a-post/")),
    "events": Route(_page("events/", "fr")),
    "event": Route(_page("events/an-event/")),
    "event for calendars": Route(_page("events/an-event.ics", "km")),
    "feed": Route(_page("feed.atom")),
    "how to sign": Route(_page("how-to-sign/")),
    "picture of a step": Route(_step, cache="public, max-age=86400"),
    "questions": Route(_page("faq/")),
    "resolutions": Route(_page("resolutions/")),
    "resolutions narrowed": Route(_page("resolutions/?body=&year=2018&language=fr", "km")),
    "resolution": Route(_page("resolutions/a-decision/")),
    "copy of an official text": Route(_document, cache="public, max-age=60", policy=FILE_POLICY),
    "open data": Route(_page("open-data/")),
    "contact": Route(_page("contact/"), **_OWN),
    "photograph": Route(_photo, cache="public, max-age=31536000, immutable"),
    "write to my MP": Route(_page("write-to-my-mp/"), **_OWN),
    "about": Route(_page("about/")),
    "privacy": Route(_page("privacy/")),
    "terms": Route(_page("terms/")),
    "accessibility": Route(_page("accessibility/")),
    "mailbox": Route(lambda scene: "/mailbox/", cache="no-store"),
    "one mail": Route(
        lambda scene: f"/mailbox/{scene.mail_id}/", cache="no-store", referrer="no-referrer"
    ),
    "process is up": Route(lambda scene: "/healthz"),
    "ready": Route(lambda scene: "/readyz"),
}
