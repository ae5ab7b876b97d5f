from petitions.models.exports import ExportRecord
from petitions.models.mailing import Delivery, Mailing, Subscription, Suppression
from petitions.models.parliament import Member, PostalPrefix, Province, Riding
from petitions.models.petition import Clause, Milestone, Petition, PetitionEvent, Tally, TallyDay
from petitions.models.signature import Signature
from petitions.models.vault import KeySlot, Vault

__all__ = [
    "Clause",
    "Delivery",
    "ExportRecord",
    "KeySlot",
    "Mailing",
    "Member",
    "Milestone",
    "Petition",
    "PetitionEvent",
    "PostalPrefix",
    "Province",
    "Riding",
    "Signature",
    "Subscription",
    "Suppression",
    "Tally",
    "TallyDay",
    "Vault",
]
