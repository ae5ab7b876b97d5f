"""How far a Member has been brought, and what becomes of a meeting."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ContactState(models.TextChoices):
    TO_CONTACT = "to_contact", pgettext_lazy("contact", "To contact")
    BOOKED = "booked", pgettext_lazy("contact", "Meeting booked")
    MET = "met", pgettext_lazy("contact", "Met")
    PROMISED = "promised", pgettext_lazy("contact", "Promised")
    DONE = "done", pgettext_lazy("contact", "Done")

    @property
    def before(self) -> "ContactState | None":
        """The step that leads here; None for the first."""
        order = list(ContactState)
        return order[order.index(self) - 1] if self != order[0] else None

    @property
    def after(self) -> "ContactState | None":
        """The step that follows; None for the last."""
        order = list(ContactState)
        return order[order.index(self) + 1] if self != order[-1] else None


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    HELD = "held", pgettext_lazy("meeting", "Held")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")
