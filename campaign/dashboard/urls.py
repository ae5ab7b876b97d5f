"""The desk, in the language of whoever is logged in."""

from django.urls import path

from campaign.dashboard import exporting, moving, petitions, reminding, vaults, views, writing

app_name = "desk"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("petitions/", petitions.petition_list, name="petitions"),
    path("petitions/new/", petitions.new_petition, name="new"),
    path("petitions/<slug:slug>/", petitions.petition_page, name="petition"),
    path("petitions/<slug:slug>/text/", writing.text, name="text"),
    path("petitions/<slug:slug>/dates/", writing.dates, name="dates"),
    path("petitions/<slug:slug>/move/<slug:to>/", moving.move, name="move"),
    path("petitions/<slug:slug>/pause/", moving.pause, name="pause"),
    path("petitions/<slug:slug>/export/", exporting.export, name="export"),
    path("petitions/<slug:slug>/remind/", reminding.remind, name="remind"),
    path("petitions/<slug:slug>/vault/", vaults.ceremony, name="vault"),
    path("petitions/<slug:slug>/vault/prove/<slug:way>/", vaults.prove, name="vault_prove"),
    path("petitions/<slug:slug>/vault/start-again/", vaults.start_again, name="vault_start_again"),
]
