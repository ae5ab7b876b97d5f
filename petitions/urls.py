"""Routes: pages under a language prefix, and addresses that are the same in every language."""

from django.urls import path

from petitions.views import (
    checking,
    confirming,
    embedding,
    house_steps,
    own,
    public,
    seeing,
    short_links,
    signing,
)

#: Namespace "petitions", under a language prefix.
localized = [
    path("petitions/", public.petition_list, name="list"),
    path("petitions/<slug:slug>/", public.petition_detail, name="detail"),
    path("petitions/<slug:slug>/share/", public.share, name="share"),
    path("petitions/<slug:slug>/official/", public.official_guide, name="official"),
    path("petitions/<slug:slug>/sign/", signing.sign, name="sign"),
    path(
        "petitions/<slug:slug>/check-email/<str:handle>/",
        checking.check_email,
        name="check-email",
    ),
    path("petitions/<slug:slug>/embed/", embedding.code, name="embed-code"),
    path("petitions/<slug:slug>/thanks/", signing.thanks, name="thanks"),
    path("my-signature/", own.my_signature, name="my-signature"),
]

#: Namespace "links".
plain = [
    path("petitions.json", public.petitions_json, name="petitions-json"),
    path("petitions/<slug:slug>/", short_links.any_language, name="petition"),
    path("petitions/<slug:slug>.json", public.petition_json, name="petition-json"),
    path("petitions/<slug:slug>/count.json", public.count_json, name="count"),
    path("petitions/<slug:slug>/seen", seeing.seen, name="seen"),
    path(
        "petitions/<slug:slug>/response.<slug:language>.pdf",
        public.response_file,
        name="response",
    ),
    path("embed/<slug:slug>/", embedding.card, name="embed"),
    path("c/<str:token>", confirming.confirm, name="confirm"),
    path("m/<str:token>", own.manage, name="manage"),
    path("m/<str:token>/riding", own.riding, name="own-riding"),
    path("u/<str:token>", own.unsubscribe, name="unsubscribe"),
    path("s/<slug:code>", short_links.short_link, name="short-link"),
    path("support/<str:token>", house_steps.support, name="support"),
    path("mp/<str:token>", house_steps.office, name="office"),
]
