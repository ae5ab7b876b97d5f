"""Files to pass on: the same in every language of the page, or under a language prefix."""

from django.urls import path

from campaign.sharing import views

plain = [
    path("petitions/<slug:slug>/card-<slug:language>.png", views.card, name="card"),
    path("petitions/<slug:slug>/poster-<slug:sheet>.pdf", views.poster, name="poster"),
    path("petitions/<slug:slug>/qr.<slug:kind>", views.code, name="qr"),
]

localized = [
    path("how-to-sign/<slug:name>.png", views.guide_picture, name="guide-picture"),
]
