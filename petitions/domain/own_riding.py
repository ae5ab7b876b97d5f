"""A signer's word on their riding, which the postal code only lets us estimate."""

from django.utils.translation import gettext

from petitions.models import Riding, Signature
from petitions.models.signature import Residence
from petitions.states import SignatureState

#: `Signature.riding_method` where the signer has said so.
CHOSEN = "chosen"


def may_choose(signature: Signature) -> bool:
    """Whoever lives in Canada and whose signature counts, or still may."""
    return (
        signature.residence == Residence.CANADA
        and signature.erased_at is None
        and signature.state in {SignatureState.PENDING, SignatureState.CONFIRMED}
    )


def choose(signature: Signature, riding: Riding) -> bool:
    """Counts the signature in that riding from now on; False when it is gone meanwhile."""
    rows = Signature.objects.filter(
        pk=signature.pk,
        residence=Residence.CANADA,
        erased_at=None,
        state__in=[SignatureState.PENDING, SignatureState.CONFIRMED],
    )
    return bool(rows.update(riding=riding, riding_method=CHOSEN))


def certainty(signature: Signature) -> str:
    """How sure its riding is, in words; "" without one."""
    return {
        CHOSEN: gettext("as you told us"),
        "likely": gettext("likely, by your postal code"),
        "estimated": gettext("estimated from your postal code: it may be another one"),
    }.get(signature.riding_method, "")
