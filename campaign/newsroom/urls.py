"""Prose under the language prefix. `page` names them all: `{% url 'page' 'privacy' %}`."""

from django.urls import path

from campaign.newsroom import views

urlpatterns = [
    path("how-to-sign/", views.guide, {}, name="how-to-sign"),
    path("faq/", views.faq, name="faq"),
    path("resolutions/", views.resolution_list, name="resolutions"),
    path("resolutions/<slug:slug>/", views.resolution, name="resolution"),
    path("contact/", views.contact, name="contact"),
    path("<slug:slug>/", views.page, name="page"),
]
