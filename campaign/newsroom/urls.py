"""News and prose under the language prefix. `page` names all prose: `{% url 'page' 'faq' %}`."""

from django.urls import path

from campaign.newsroom import contact, data_guide, document_files, photo_files
from campaign.newsroom.views import feed, happenings, library, news, pages

#: Addresses without a language.
plain = [
    path("photos/<uuid:public_id>-<int:width>.<slug:extension>", photo_files.photo, name="photo"),
    path(
        "resolutions/<slug:slug>/document.<slug:language>.pdf",
        document_files.document,
        name="document",
    ),
]

urlpatterns = [
    path("news/", news.news_list, name="news"),
    path("news/<slug:slug>/", news.article, name="article"),
    path("events/", happenings.happening_list, name="events"),
    path("events/<slug:slug>/", happenings.happening_page, name="event"),
    path("events/<slug:slug>.ics", happenings.calendar, name="event-calendar"),
    path("feed.atom", feed.atom, name="feed"),
    path("how-to-sign/", pages.guide, {}, name="how-to-sign"),
    path("faq/", pages.faq, name="faq"),
    path("resolutions/", library.resolution_list, name="resolutions"),
    path("resolutions/<slug:slug>/", library.resolution, name="resolution"),
    path("open-data/", data_guide.open_data, name="open-data"),
    path("contact/", contact.contact, name="contact"),
    path("<slug:slug>/", pages.page, name="page"),
]
