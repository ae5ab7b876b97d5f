"""The summary by mail: once a person and period, at seven in Toronto, never about a signer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from campaign import tasks
from campaign.accounts import mailing
from campaign.accounts.models import Digest, DigestPeriod, User
from campaign.accounts.roles import Role
from campaign.celery import app
from campaign.dashboard import digest_content, digests
from petitions.models import Delivery, Petition, Signature, TranslationState
from petitions.states import PaperState, PetitionState
from tests.campaign.accounts import mails
from tests.conftest import SetClock
from tests.factories import parliament, people, reviews
from tests.factories import petitions as make
from tests.pages import field_errors, main_text, read

pytestmark = pytest.mark.django_db

#: Monday, 30 November 2026, 7:00 in Toronto.
SEVEN = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
BOTH = (DigestPeriod.DAILY, DigestPeriod.WEEKLY)


def _reader(
    role: Role | str = Role.ORGANIZER,
    period: DigestPeriod = DigestPeriod.DAILY,
    language: str = "en",
) -> User:
    person = people.person(role, language=language)
    person.digest, person.date_joined = period, SEVEN - 30 * DAY
    person.save(update_fields=["digest", "date_joined"])
    return person


def _open(now: datetime = SEVEN, **fields: object) -> Petition:
    return make.open_petition(opens_at=now - 20 * DAY, closes_at=now + 10 * DAY, **fields)


def _nothing_open() -> None:
    """A draft: nobody signs it, but the database's clock is asked through it."""
    make.draft_petition()


def _bodies(message: EmailMultiAlternatives) -> tuple[str, str]:
    """Without the characters that only keep words together."""
    html = str(message.alternatives[0][0]).replace("<b>", "").replace("</b>", "")
    return str(message.body).replace("\N{NO-BREAK SPACE}", " "), html


def _sent(set_clock: SetClock, now: datetime = SEVEN) -> list[EmailMultiAlternatives]:
    """The mails that one ring of the bell queues."""
    Delivery.objects.all().delete()
    set_clock(now)
    digests.send_due()
    return mails.sent()


# --- when ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        (SEVEN - MINUTE, None, None),
        (SEVEN, SEVEN, SEVEN),
        (SEVEN + timedelta(hours=12) - MINUTE, SEVEN, SEVEN),
        (SEVEN + timedelta(hours=12), None, SEVEN),
        (SEVEN + DAY, SEVEN + DAY, SEVEN),
        (SEVEN + 3 * DAY - MINUTE, None, SEVEN),
        (SEVEN + 3 * DAY, SEVEN + 3 * DAY, None),
        (SEVEN + 6 * DAY, SEVEN + 6 * DAY, None),
        # Summer time: seven in Toronto is an hour earlier elsewhere.
        (datetime(2026, 7, 7, 10, 59, tzinfo=UTC), None, datetime(2026, 7, 6, 11, tzinfo=UTC)),
        (
            datetime(2026, 7, 7, 11, tzinfo=UTC),
            datetime(2026, 7, 7, 11, tzinfo=UTC),
            datetime(2026, 7, 6, 11, tzinfo=UTC),
        ),
    ],
)
def test_a_summary_is_due_from_seven_in_toronto_until_it_is_no_news(
    now: datetime, daily: datetime | None, weekly: datetime | None
) -> None:
    assert [digests.due_since(period, now) for period in BOTH] == [daily, weekly]


def test_each_has_it_once_a_period_however_often_the_bell_rings(set_clock: SetClock) -> None:
    _open()
    daily, weekly = _reader(), _reader(period=DigestPeriod.WEEKLY)
    _reader(period=DigestPeriod.NEVER)
    first = {message.to[0]: message.subject for message in _sent(set_clock)}
    assert first == {daily.email: "Summary of the day", weekly.email: "Summary of the week"}
    assert _sent(set_clock, SEVEN + MINUTE) == []
    assert [message.to for message in _sent(set_clock, SEVEN + DAY)] == [[daily.email]]
    week_later = sorted(message.to[0] for message in _sent(set_clock, SEVEN + 7 * DAY))
    assert week_later == sorted([daily.email, weekly.email])


def test_only_the_team_of_today_has_it_and_nobody_before_they_joined(set_clock: SetClock) -> None:
    _open()
    gone, new = _reader(), _reader()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    User.objects.filter(pk=new.pk).update(date_joined=SEVEN + MINUTE)
    petitioner = _reader(Role.PETITIONER)
    _reader("")
    assert _sent(set_clock, SEVEN + 2 * MINUTE) == []
    assert not Digest.objects.filter(person__in=[gone, new, petitioner]).exists()
    assert [message.to for message in _sent(set_clock, SEVEN + DAY)] == [[new.email]]


def test_a_worker_that_dies_in_between_leaves_it_due(
    set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open()
    first, second = _reader(), _reader()
    send = mailing.send

    def fail_once(name: str, *, to: str, **rest: object) -> None:
        send(name, to=to, **rest)  # type: ignore[arg-type]
        if to == first.email:
            raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "send", fail_once)
        assert [message.to for message in _sent(set_clock)] == [[second.email]]
    assert list(Digest.objects.values_list("person", flat=True)) == [second.pk]
    assert [message.to for message in _sent(set_clock)] == [[first.email]]
    assert _sent(set_clock) == []


def test_a_second_worker_finds_it_had(set_clock: SetClock) -> None:
    """Both listed the person before either wrote the note."""
    _open()
    person = _reader()
    set_clock(SEVEN)
    found = digest_content.report(DigestPeriod.DAILY, SEVEN)
    sent = [digests.send(person, found, date(2026, 11, 30)) for _worker in range(2)]
    assert sent == [True, False]


def test_once_all_have_it_nothing_is_counted_again(
    set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open()
    _reader()
    assert len(_sent(set_clock)) == 1
    monkeypatch.delattr(digest_content, "report")
    assert _sent(set_clock) == []


def test_old_notes_go(set_clock: SetClock) -> None:
    _nothing_open()
    person = _reader()
    for days in (61, 59):
        Digest.objects.create(person=person, period="daily", day=(SEVEN - days * DAY).date())
    _sent(set_clock)
    left = list(Digest.objects.order_by("day").values_list("day", flat=True))
    assert left == [(SEVEN - 59 * DAY).date(), SEVEN.date()]


def test_the_bell_is_rung_and_its_task_known(set_clock: SetClock) -> None:
    _open()
    _reader()
    set_clock(SEVEN)
    tasks.send_digests()
    assert Digest.objects.count() == 1
    app.loader.import_default_modules()
    rung = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert "campaign.tasks.send_digests" in rung
    assert rung <= set(app.tasks)


# --- what ------------------------------------------------------------------------------------


def _counted(petition: Petition, ago: timedelta) -> Signature:
    row = make.confirmed(petition, name="Sok Dara")
    Signature.objects.filter(pk=row.pk).update(counted_at=SEVEN - ago)
    return row


def test_the_numbers_are_of_the_period(set_clock: SetClock) -> None:
    petition = _open(threshold=34)
    for ago in (timedelta(hours=1), timedelta(hours=23), 2 * DAY, 6 * DAY):
        _counted(petition, ago)
    make.submitted(petition)
    _reader()
    _reader(period=DigestPeriod.WEEKLY)
    daily, weekly = (_bodies(message) for message in _sent(set_clock))
    for text, html in (daily, weekly):
        for body in (text, html):
            assert petition.title in body
            assert "Confirmed · 4 of 34" in body
            assert "Needed · 3.0 a day for 10 days" in body
            assert "Waiting to confirm · 1" in body
            assert f"http://testserver/desk/?petition={petition.slug}" in body
            assert "http://testserver/accounts/digest/" in body
    assert "Last 24 hours · 2" in daily[0]
    assert "Last 7 days · 4" in weekly[0]


def test_it_speaks_each_readers_language(set_clock: SetClock) -> None:
    petition = _open()
    for language in ("km", "fr"):
        _reader(language=language)
    sent = {message.extra_headers["Content-Language"]: message for message in _sent(set_clock)}
    assert set(sent) == {"km", "fr-CA"}
    assert petition.title_km in sent["km"].body  # type: ignore[attr-defined]
    assert petition.title_fr in sent["fr-CA"].body  # type: ignore[attr-defined]


def test_nothing_of_a_signer_stands_in_it(set_clock: SetClock) -> None:
    petition = _open()
    row = _counted(petition, timedelta(hours=1))
    waiting = make.answers(name="Chea Sophal", email="sophal@example.net")
    make.submitted(petition, name=waiting.name, email=waiting.email)
    _reader(Role.ADMIN)
    (message,) = _sent(set_clock)
    for body in _bodies(message):
        assert petition.title in body
        for told in ("Sok Dara", "Chea Sophal", "sophal@", "signer-", "V3B", row.public_id.hex):
            assert told not in body


def test_what_is_late_is_for_those_who_meet_members(set_clock: SetClock) -> None:
    _nothing_open()
    member = parliament.member(name="Élise Côté")
    parliament.meeting(
        member,
        day=date(2026, 11, 20),
        state="held",
        promise="a promise",
        private_notes="a note",
        next_step="Call Mrs Sok",
        next_by="Dara",
        next_due=date(2026, 11, 28),
    )
    briefer = _reader(Role.BRIEFER)
    _reader(Role.TRANSLATOR)
    (message,) = _sent(set_clock)
    assert message.to == [briefer.email]
    for body in _bodies(message):
        assert "Élise Côté" in body
        assert "next step, 2 days late" in body
        assert f"http://testserver/desk/parliament/{member.pk}/" in body
        for kept in ("Call Mrs Sok", "a promise", "a note"):
            assert kept not in body


def test_a_long_list_of_late_ones_is_cut(
    set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _nothing_open()
    monkeypatch.setattr(digest_content, "LONGEST_LIST", 2)
    for _turn in range(5):
        parliament.meeting(parliament.member(), day=date(2026, 11, 20))
    _reader(Role.BRIEFER)
    (message,) = _sent(set_clock)
    assert str(message.body).count("meeting not recorded") == 2
    assert "3 more on the desk:" in str(message.body)


def _state(state: PetitionState, **fields: object) -> Petition:
    petition = make.draft_petition(**fields)
    Petition.objects.filter(pk=petition.pk).update(state=state)
    return petition


def test_what_waits_goes_to_who_may_do_it(set_clock: SetClock) -> None:
    translated = make.approved(_state(PetitionState.IN_TRANSLATION))
    examined = _state(PetitionState.IN_EXAMINATION)
    closed = _state(PetitionState.CLOSED, closes_at=SEVEN - 2 * DAY)
    _state(PetitionState.CLOSED, closes_at=SEVEN - timedelta(hours=1))
    make.sheet(closed, state=PaperState.TO_CHECK)
    make.sheet(closed, number=2)
    readers = {role: _reader(role).email for role in Role if role != Role.PETITIONER}
    found = {message.to[0]: str(message.body) for message in _sent(set_clock)}
    certify = f"{closed.short_title}: closed, the total is to be certified or not"
    paper = f"{closed.short_title}: 1 paper sheet to check"
    examine = f"{examined.short_title}: to examine"
    told = {
        role: {
            sentence
            for sentence in (certify, paper, examine)
            if sentence in found.get(readers[role], "")
        }
        for role in readers
    }
    assert told == {
        Role.ORGANIZER: {certify, paper},
        Role.LIST_KEEPER: {paper},
        Role.TRANSLATOR: set(),
        Role.BRIEFER: set(),
        Role.CLERK: {examine},
        Role.ADMIN: {certify, paper, examine},
    }
    assert readers[Role.TRANSLATOR] not in found
    assert f"/desk/petitions/{examined.slug}/examination/" in found[readers[Role.CLERK]]
    assert translated.short_title not in found[readers[Role.ADMIN]]


def test_texts_to_approve_and_people_to_remind_are_counted(set_clock: SetClock) -> None:
    subject = make.approved(_state(PetitionState.IN_TRANSLATION))
    rows = TranslationState.objects.filter(subject_id=subject.pk, status="approved")
    TranslationState.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:2])).update(
        status="stale"
    )
    petition = _open()
    row = make.submitted(petition)
    past = SEVEN - 2 * DAY
    Signature.objects.filter(pk=row.pk).update(
        created_at=past, link_sent_at=past, mail_queued_at=past
    )
    reviews.held(petition)
    Delivery.objects.all().delete()
    _reader()
    (message,) = _sent(set_clock)
    text, _html = _bodies(message)
    assert f"{subject.short_title}: 2 texts to approve" in text
    assert f"{petition.short_title}: 1 held signature to look at" in text
    assert f"{petition.short_title}: 1 person may be reminded to confirm" in text


def test_with_nothing_to_say_no_mail_goes_and_none_later_that_day(set_clock: SetClock) -> None:
    _nothing_open()
    _reader()
    assert _sent(set_clock) == []
    _open()
    assert _sent(set_clock, SEVEN + MINUTE) == []
    assert len(_sent(set_clock, SEVEN + DAY)) == 1


# --- the setting -----------------------------------------------------------------------------


def test_everybody_chooses_for_themselves() -> None:
    person, other = people.person(Role.BRIEFER), people.person()
    client = people.log_in(person)
    page = read(client.get("/accounts/digest/")).one("main")
    checked = [each for each in page.all("input", type="radio") if "checked" in each.attributes]
    assert [each.attributes["value"] for each in checked] == ["weekly"]
    response = client.post("/accounts/digest/", {"digest": "never"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/digest/")
    assert "Saved." in read(client.get("/accounts/digest/")).text
    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.digest, other.digest) == ("never", "weekly")


@pytest.mark.parametrize("data", [{}, {"digest": "hourly"}])
def test_another_choice_is_refused_and_nothing_saved(data: dict[str, str]) -> None:
    person = people.person()
    response = people.log_in(person).post("/accounts/digest/", data)
    assert response.status_code == 422
    assert field_errors(response) == {"digest": ["Select how often"]}
    person.refresh_from_db()
    assert person.digest == "weekly"


def test_a_petitioner_has_no_such_page_nor_link_to_it() -> None:
    client = people.log_in(people.person(Role.PETITIONER))
    assert client.get("/accounts/digest/").status_code == 404
    links = read(client.get("/accounts/email/")).all("a", href="/accounts/digest/")
    assert links == []
    team = people.log_in(people.person())
    assert len(read(team.get("/accounts/email/")).all("a", href="/accounts/digest/")) == 1


def test_a_stranger_is_asked_to_log_in() -> None:
    response = Client().get("/accounts/digest/")
    assert response["Location"].startswith("/accounts/login/")


def test_the_page_speaks_the_readers_language() -> None:
    response = people.log_in(people.person(language="fr")).get("/accounts/digest/")
    assert 'lang="fr-CA"' in response.content.decode()
    assert main_text(response)
