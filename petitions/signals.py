"""What the petition machine announces to whoever installed it; it does not know who listens."""

from django.dispatch import Signal

#: Sent once in a petition's life, inside the tally's transaction, when the total first reaches its
#: threshold. Sender: `Petition`. Arguments: `petition`, `total`, `reached_at`.
threshold_reached = Signal()

#: Sent when those who may export a signer list are to be warned that it is erased, inside the
#: transaction that marks the warning as given. Sender: `Petition`. Arguments: `petition`, `end`.
list_ends_soon = Signal()
