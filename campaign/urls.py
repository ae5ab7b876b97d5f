"""Root of all addresses."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from campaign import errors, found, views
from campaign.accounts import own
from campaign.accounts import views as accounts
from campaign.dashboard import urls as dashboard_urls
from campaign.newsroom import urls as newsroom_urls
from campaign.parliament import urls as parliament_urls
from campaign.sharing import urls as sharing_urls
from petitions import urls as petitions_urls

urlpatterns = [
    path("", views.choose_language, name="choose-language"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", found.robots, name="robots"),
    path("sitemap.xml", found.sitemap, name="sitemap"),
    path("mailbox/", views.mailbox_index, name="mailbox"),
    path("mailbox/<slug:mail_id>/", views.mailbox_message, name="mailbox-message"),
    path("accounts/invitation/<str:token>/", accounts.invitation, name="team-invitation"),
    path("accounts/language/", accounts.language, name="own-language"),
    path("accounts/email/", accounts.email, name="own-email"),
    path("accounts/sessions/", own.own_sessions, name="own-sessions"),
    path("accounts/digest/", own.digest, name="own-digest"),
    path("accounts/awake/", own.awake, name="awake"),
    path("accounts/", include("allauth.urls")),
    path("petitioner/", include((dashboard_urls.petitioner, "own"))),
    path("desk/team/", include("campaign.accounts.urls")),
    path("desk/parliament/", include("campaign.parliament.urls")),
    path("desk/", include("campaign.dashboard.urls")),
    path("admin/", admin.site.urls),
    path("", include((petitions_urls.plain, "links"))),
    *parliament_urls.plain,
    *sharing_urls.plain,
    *newsroom_urls.plain,
    *i18n_patterns(
        path("", views.home, name="home"),
        path("manifest.webmanifest", found.manifest, name="manifest"),
        path("", include((petitions_urls.localized, "petitions"))),
        path("", include((parliament_urls.localized, "letters"))),
        *sharing_urls.localized,
        path("", include("campaign.newsroom.urls")),
    ),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
