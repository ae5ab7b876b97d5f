"""The desk, in the language of whoever is logged in."""

from django.urls import path

from campaign.dashboard import exporting, reminding, views

app_name = "desk"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("petitions/<slug:slug>/export/", exporting.export, name="export"),
    path("petitions/<slug:slug>/remind/", reminding.remind, name="remind"),
    path("language/", views.language, name="language"),
]
