"""The desk, in the language of whoever is logged in."""

from django.urls import path

from campaign.dashboard import (
    asking,
    dissolution,
    examining,
    exporting,
    gate,
    moving,
    official,
    outcomes,
    own,
    own_supporters,
    paper,
    petitions,
    reminding,
    sitting_days,
    texts,
    vaults,
    views,
    writing,
)

app_name = "desk"

#: Namespace "own", under /petitioner/: for whoever takes a petition through the House's steps.
petitioner = [
    path("", own.petition, name="petition"),
    path("text/", own.text, name="text"),
    path("preview/", own.preview, name="preview"),
    path("history/", own.versions, name="history"),
    path("supporters/", own_supporters.supporters, name="supporters"),
    path("supporters/<int:supporter>/remind/", own_supporters.remind, name="remind"),
    path("take-back/", asking.own_take_back, name="take-back"),
    path("member/", asking.own_member, name="member"),
    path("withdraw/", own.withdraw, name="withdraw"),
]

urlpatterns = [
    path("", views.overview, name="overview"),
    path("petitions/", petitions.petition_list, name="petitions"),
    path("petitions/new/", petitions.new_petition, name="new"),
    path("petitions/<slug:slug>/", petitions.petition_page, name="petition"),
    path("petitions/<slug:slug>/text/", writing.text, name="text"),
    path("petitions/<slug:slug>/history/", writing.versions, name="history"),
    path("petitions/<slug:slug>/translation/", gate.translation, name="translation"),
    path("petitions/<slug:slug>/preview/", gate.preview, name="preview"),
    path("petitions/<slug:slug>/override/", gate.override, name="override"),
    path("petitions/<slug:slug>/correction/", gate.correction, name="correction"),
    path("petitions/<slug:slug>/dates/", writing.dates, name="dates"),
    path("petitions/<slug:slug>/move/<slug:to>/", moving.move, name="move"),
    path("petitions/<slug:slug>/pause/", moving.pause, name="pause"),
    path("petitions/<slug:slug>/member/", asking.member, name="member"),
    path("petitions/<slug:slug>/examination/", examining.examination, name="examination"),
    path(
        "petitions/<slug:slug>/official-counts/",
        official.official_counts,
        name="official-counts",
    ),
    path("petitions/<slug:slug>/paper/", paper.sheets, name="paper"),
    path("petitions/<slug:slug>/paper/new/", paper.new_sheet, name="paper-new"),
    path("petitions/<slug:slug>/paper/<int:sheet>/", paper.sheet, name="paper-sheet"),
    path("petitions/<slug:slug>/paper/<int:sheet>/check/", paper.check, name="paper-check"),
    path("petitions/<slug:slug>/paper/<int:sheet>/reopen/", paper.reopen, name="paper-reopen"),
    path("petitions/<slug:slug>/paper/<int:sheet>/send/", paper.send, name="paper-send"),
    path(
        "petitions/<slug:slug>/presentation/",
        outcomes.presentation,
        name="presentation",
    ),
    path("petitions/<slug:slug>/response/", outcomes.response, name="response"),
    path(
        "petitions/<slug:slug>/certificate.<slug:language>.pdf",
        outcomes.certificate,
        name="certificate",
    ),
    path("calendar/", sitting_days.calendar, name="calendar"),
    path("dissolution/", dissolution.dissolution, name="dissolution"),
    path("petitions/<slug:slug>/export/", exporting.export, name="export"),
    path("petitions/<slug:slug>/remind/", reminding.remind, name="remind"),
    path("petitions/<slug:slug>/vault/", vaults.ceremony, name="vault"),
    path("petitions/<slug:slug>/vault/prove/<slug:way>/", vaults.prove, name="vault_prove"),
    path("petitions/<slug:slug>/vault/start-again/", vaults.start_again, name="vault_start_again"),
    path("texts/", texts.text_list, name="texts"),
    path("texts/<slug:kind>/<int:pk>/", texts.text_subject, name="text-subject"),
]
