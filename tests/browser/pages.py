"""Every page a visitor may meet, in the states that look different, with real texts in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from campaign.demo import loading
from campaign.demo.news import load_news
from campaign.newsroom.models import Resolution
from petitions.domain import counting, tokens
from petitions.domain.members import import_members
from petitions.domain.ridings import import_ridings
from petitions.models import Petition, Signature
from petitions.states import PetitionKind, PetitionState
from tests.browser.visitor import Visitor
from tests.factories import petitions as make
from tests.factories import resolutions

#: A decision of which a copy of the official text is kept.
DECISION = "ipu-khm-coll-03"


@dataclass
class Stage:
    """What the pages show: the demonstration's two petitions, and four in rarer states."""

    petition: Petition
    record: Petition
    few: Petition
    goal_met: Petition
    closed: Petition
    companion: Petition


def _counted(petition: Petition, number: int) -> Petition:
    """With so many counted signatures, an hour old, and the marks that they reach."""
    for _number in range(number):
        make.confirmed(petition)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Signature.objects.filter(petition=petition).update(
        counted_at=an_hour_ago, confirmed_at=an_hour_ago, changed_at=an_hour_ago
    )
    counting.recount(petition)
    return petition


def build_stage() -> Stage:
    import_ridings()
    import_members()
    loading.load_people()
    loading.load_pages()
    loading.load_resolutions()
    resolutions.document(Resolution.objects.get(slug=DECISION))
    load_news(loading.read("news"))
    record = loading.load_record()
    now = timezone.now()
    closed = _counted(make.open_petition(), 6)
    Petition.objects.filter(pk=closed.pk).update(
        state=PetitionState.CLOSED,
        opens_at=now - timedelta(days=40),
        closes_at=now - timedelta(days=10),
    )
    return Stage(
        petition=loading.load_open_petition(record, make.PASSPHRASE),
        record=record,
        few=_counted(make.open_petition(), 1),
        goal_met=_counted(make.open_petition(threshold=6), 6),
        closed=closed,
        companion=make.open_petition(kind=PetitionKind.COMPANION, house_number="e-9999"),
    )


# --- how to get there ------------------------------------------------------------------------

Way = Callable[[Visitor, Stage], None]


def _address(name: str, *arguments: str) -> Way:
    return lambda visitor, _stage: visitor.opens(name, *arguments)


def _petition(which: str) -> Way:
    def open_it(visitor: Visitor, stage: Stage) -> None:
        visitor.opens("petitions:detail", getattr(stage, which).slug)
        for closed in visitor.page.locator("details:not([open]) > summary").all():
            closed.click()

    return open_it


def _how_to_sign(visitor: Visitor, _stage: Stage) -> None:
    visitor.opens("how-to-sign")
    for text_to_copy in visitor.page.locator("summary").all():
        text_to_copy.click()


def _share(visitor: Visitor, stage: Stage) -> None:
    visitor.opens("petitions:share", stage.petition.slug)


def _official(visitor: Visitor, stage: Stage) -> None:
    visitor.opens("petitions:official", stage.companion.slug)


def _embed_code(visitor: Visitor, stage: Stage) -> None:
    visitor.opens("petitions:embed-code", stage.petition.slug)


def _fresh_form(visitor: Visitor, stage: Stage) -> None:
    visitor.opens_form(stage.petition)


def _form_with_errors(visitor: Visitor, stage: Stage) -> None:
    visitor.opens_form(stage.petition)
    visitor.presses("Sign the petition")
    expect(visitor.page.get_by_role("alert")).to_be_visible()


def _form_from_abroad(visitor: Visitor, stage: Stage) -> None:
    visitor.opens_form(stage.petition)
    visitor.chooses("In another country")


def _check_email(visitor: Visitor, stage: Stage) -> None:
    visitor.signs(stage.petition, email="a.rather.long.address.of.somebody@mail.example.org")
    visitor.page.locator("summary").click()


def _wrong_code(visitor: Visitor, stage: Stage) -> None:
    visitor.signs(stage.petition, email="dara@example.org")
    visitor.presses("Confirm my signature")
    expect(visitor.page.get_by_role("alert")).to_be_visible()


def _link(signature: Signature) -> tuple[str, str]:
    token = tokens.confirm_token(signature.public_id, signature.generation)
    return "links:confirm", token


def _confirm(visitor: Visitor, stage: Stage) -> None:
    visitor.opens(*_link(make.submitted(stage.petition, language=visitor.language)))
    visitor.is_at("Confirm your signature")


def _expired(visitor: Visitor, stage: Stage) -> None:
    signature = make.submitted(stage.petition, language=visitor.language)
    Signature.objects.filter(pk=signature.pk).update(
        link_sent_at=timezone.now() - timedelta(days=8)
    )
    visitor.opens(*_link(signature))
    visitor.is_at("This link has expired")


def _already(visitor: Visitor, stage: Stage) -> None:
    visitor.opens(*_link(make.confirmed(stage.petition, language=visitor.language)))
    visitor.is_at("Your signature is already counted. Thank you.")


def _thanks(visitor: Visitor, stage: Stage) -> None:
    visitor.opens("petitions:thanks", stage.petition.slug)


def _my_signature_sent(visitor: Visitor, _stage: Stage) -> None:
    visitor.opens("petitions:my-signature")
    visitor.field("E-mail address you signed with").fill("dara@example.org")
    visitor.presses("Send me the link")
    visitor.is_at("Open your e-mail")


def _manage(visitor: Visitor, stage: Stage) -> None:
    signature = make.confirmed(stage.petition, language=visitor.language, wants_news=True)
    visitor.opens("links:manage", tokens.manage_token(signature.public_id, timezone.now()))
    visitor.is_at("My signature")


def _own_riding(visitor: Visitor, stage: Stage) -> None:
    _manage(visitor, stage)
    visitor.follows("Correct the riding")
    visitor.field("Postal code").fill("v3b1a1")
    visitor.presses("Show the ridings")
    expect(visitor.button("This is my riding")).to_be_visible()


def _withdrawn(visitor: Visitor, stage: Stage) -> None:
    _manage(visitor, stage)
    visitor.presses("Withdraw my signature")
    expect(visitor.page.get_by_role("status")).to_be_visible()


def _not_eligible(visitor: Visitor, stage: Stage) -> None:
    visitor.opens_form(stage.petition)
    visitor.chooses("Neither")
    visitor.presses("Sign the petition")
    visitor.is_at("Other ways to help")


def _letter_form(visitor: Visitor, _stage: Stage) -> None:
    visitor.opens("letters:write")
    visitor.field("Postal code").fill("v3b1a1")
    visitor.presses("Find my Member")
    expect(visitor.button("Make the letter")).to_be_visible()


def _letter(visitor: Visitor, stage: Stage) -> None:
    _letter_form(visitor, stage)
    visitor.chooses("raise it with the Minister of Foreign Affairs")
    visitor.presses("Make the letter")
    visitor.reads("Where to send it")


def _news_found(visitor: Visitor, _stage: Stage) -> None:
    visitor.opens("news")
    visitor.page.goto(f"{visitor.page.url}?q=2018&tag=parliament")


def _news_not_found(visitor: Visitor, _stage: Stage) -> None:
    visitor.opens("news")
    visitor.page.goto(f"{visitor.page.url}?q=nowhere")


def _resolutions_narrowed(visitor: Visitor, _stage: Stage) -> None:
    visitor.opens("resolutions")
    visitor.page.goto(f"{visitor.page.url}?body=European+Parliament&year=2018&language=fr")


def _no_such_page(visitor: Visitor, _stage: Stage) -> None:
    visitor.page.goto(f"{visitor.site}/{visitor.language}/no/such/page/")


def _choose_language(visitor: Visitor, _stage: Stage) -> None:
    visitor.page.set_extra_http_headers({"Accept-Language": "vi"})
    visitor.page.goto(f"{visitor.site}/")


PAGES: dict[str, Way] = {
    "home": _address("home"),
    "list": _address("petitions:list"),
    "petition": _petition("petition"),
    "petition-few": _petition("few"),
    "petition-goal-met": _petition("goal_met"),
    "petition-closed": _petition("closed"),
    "record": _petition("record"),
    "companion": _petition("companion"),
    "official": _official,
    "share": _share,
    "sign": _fresh_form,
    "sign-abroad": _form_from_abroad,
    "sign-errors": _form_with_errors,
    "check-email": _check_email,
    "check-email-wrong-code": _wrong_code,
    "confirm": _confirm,
    "confirm-expired": _expired,
    "confirm-already": _already,
    "thanks": _thanks,
    "my-signature": _address("petitions:my-signature"),
    "my-signature-sent": _my_signature_sent,
    "manage": _manage,
    "own-riding": _own_riding,
    "manage-withdrawn": _withdrawn,
    "not-eligible": _not_eligible,
    "write-to-my-mp": _address("letters:write"),
    "letter-form": _letter_form,
    "letter": _letter,
    "news": _address("news"),
    "news-found": _news_found,
    "news-not-found": _news_not_found,
    "article": _address("article", "petition-e-1746-opens"),
    "how-to-sign": _how_to_sign,
    "events": _address("events"),
    "event": _address("event", "demo-signing-help"),
    "event-over": _address("event", "demo-feast"),
    "faq": _address("faq"),
    "resolutions": _address("resolutions"),
    "resolutions-narrowed": _resolutions_narrowed,
    "resolution": _address("resolution", DECISION),
    "embed-code": _embed_code,
    "open-data": _address("open-data"),
    "contact": _address("contact"),
    "about": _address("page", "about"),
    "privacy": _address("page", "privacy"),
    "terms": _address("page", "terms"),
    "accessibility": _address("page", "accessibility"),
    "404": _no_such_page,
    "choose-language": _choose_language,
}
