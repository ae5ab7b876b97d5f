"""Addresses of the team pages, under /desk/team/."""

from django.urls import path

from campaign.accounts import audit, views

app_name = "team"

urlpatterns = [
    path("", views.people, name="people"),
    path("invitations/<int:invitation>/renew/", views.renew, name="renew"),
    path("invitations/<int:invitation>/withdraw/", views.withdraw, name="withdraw"),
    path("audit/", audit.audit, name="audit"),
    path("<int:person>/", views.person, name="person"),
    path("<int:person>/sign-out/", views.sign_out, name="sign-out"),
    path("<int:person>/deactivate/", views.deactivate, name="deactivate"),
    path("<int:person>/reactivate/", views.reactivate, name="reactivate"),
]
