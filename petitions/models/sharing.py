"""Short links: what hangs on a wall, and what tells the team where signatures came from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from petitions.models.petition import Petition


class ShareLink(models.Model):
    """`/s/{code}`, given to one place. The code goes along as a signature's source.

    `place` is for the team alone: no public page and no address names it. A retired link still
    leads to the petition, since the paper may still hang; it tells the place of nobody any more.
    """

    class Kind(models.TextChoices):
        POSTER = "poster", pgettext_lazy("short link", "Poster")
        LINK = "link", pgettext_lazy("short link", "Link")
        EVENT = "event", pgettext_lazy("short link", "Event")

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="share_links")
    code = models.CharField(max_length=6, unique=True, editable=False)
    place = models.CharField(_("Event or place"), max_length=80)
    kind = models.CharField(_("What it is for"), max_length=6, choices=Kind.choices)
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="share_link_kind_known", condition=Q(kind__in=["poster", "link", "event"])
            ),
        ]

    def __str__(self) -> str:
        return self.code
