"""How far a Member has been brought, and what becomes of a meeting."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ContactState(models.TextChoices):
    TO_CONTACT = "to_contact", pgettext_lazy("contact", "To contact")
    BOOKED = "booked", pgettext_lazy("contact", "Meeting booked")
    MET = "met", pgettext_lazy("contact", "Met")
    PROMISED = "promised", pgettext_lazy("contact", "Promised")
    DONE = "done", pgettext_lazy("contact", "Done")


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    HELD = "held", pgettext_lazy("meeting", "Held")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")
