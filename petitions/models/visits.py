"""What happened on the way to a signature, as numbers: no row stands for anybody."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from petitions.models.petition import Petition
from petitions.states import VisitStep


class VisitDay(models.Model):
    """Events of one step on one day in Toronto, in one language; `domain/visits.py` adds to it.

    Pages shown and forms opened are told by browsers with JavaScript. Forms sent stand in the
    signatures themselves, and are counted here once those that were never confirmed are deleted.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="visits")
    day = models.DateField()
    step = models.CharField(max_length=9, choices=VisitStep.choices)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "day", "step", "language"], name="visit_day_once"
            ),
            models.CheckConstraint(name="visit_step_known", condition=Q(step__in=VisitStep.values)),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.step}: {self.count}"
