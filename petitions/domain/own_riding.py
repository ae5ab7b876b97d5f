"""A signer's word on their riding, which the postal code only lets us estimate."""

from petitions.domain.ridings import BOUNDARIES
from petitions.models import Riding, Signature
from petitions.models.signature import Residence, RidingMethod
from petitions.states import SignatureState


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
    changed = rows.update(
        riding=riding, riding_method=RidingMethod.SIGNER, riding_boundaries=BOUNDARIES
    )
    return bool(changed)


def certainty(signature: Signature) -> str:
    """How sure its riding is, in words; "" without one."""
    method = signature.riding_method
    return str(RidingMethod(method).label) if method else ""
