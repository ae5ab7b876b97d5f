"""A petition of the demonstration's petitioner, on its way to five supporters."""

from typing import Any

from campaign.accounts.models import User
from petitions.domain import drafting, editing, supporting
from petitions.domain.drafting import Draft
from petitions.domain.supporting import Answers, Invitee
from petitions.models import Petition
from petitions.models.petition import AddresseeKind

#: So many of the people asked have said yes.
SUPPORTING = 3


def load_gathering(content: dict[str, Any], petitioner: User) -> Petition:
    """Written, put to five people, and supported by three of them, by the real steps."""
    petition = drafting.begin(title=content["title"], language="en", by=petitioner)
    Petition.objects.filter(pk=petition.pk).update(is_demo=True)
    draft = Draft(
        title=content["title"],
        summary=content["summary"],
        whereas=content["whereas"],
        requests=content["requests"],
        keywords=content["keywords"],
        addressee_kind=AddresseeKind.HOUSE,
        duration=90,
    )
    based_on = editing.texts_of(petition).digest()
    petition = drafting.save(petition, draft, based_on=based_on, by=petitioner)
    people = [Invitee(**person) for person in content["supporters"]]
    supporting.invite(petition, people, by=petitioner)
    answers = Answers(eligibility="citizen", residence="canada", province="BC", country="CA")
    for supporter in petition.supporters.all()[:SUPPORTING]:
        supporting.support(supporter, answers)
    return petition
