"""What the petition machine announces to whoever installed it; it does not know who listens."""

from django.dispatch import Signal

#: Sent once in a petition's life, inside the tally's transaction, when the total first reaches its
#: threshold. Sender: `Petition`. Arguments: `petition`, `total`, `reached_at`.
threshold_reached = Signal()
