from petitions.models.audit import AuditEvent, AuditHead
from petitions.models.exports import ExportRecord, ListEnd
from petitions.models.house import (
    Examination,
    MPRequest,
    OfficialCount,
    Outcome,
    ResponseFile,
    SittingDay,
    Supporter,
)
from petitions.models.mailing import Delivery, Mailing, NewsMail, Subscription, Suppression
from petitions.models.paper import PaperBatch, PaperRow
from petitions.models.parliament import Member, MemberList, PostalPrefix, Province, Riding
from petitions.models.petition import Clause, Milestone, Petition, PetitionEvent, Tally, TallyDay
from petitions.models.review import EventNetwork, Review
from petitions.models.sharing import ShareLink
from petitions.models.signature import Signature
from petitions.models.vault import KeySlot, Vault, VaultSession
from petitions.models.visits import VisitDay
from petitions.models.writing import PublicNote, TextVersion, TranslationState

__all__ = [
    "AuditEvent",
    "AuditHead",
    "Clause",
    "Delivery",
    "EventNetwork",
    "Examination",
    "ExportRecord",
    "KeySlot",
    "ListEnd",
    "MPRequest",
    "Mailing",
    "Member",
    "MemberList",
    "Milestone",
    "NewsMail",
    "OfficialCount",
    "Outcome",
    "PaperBatch",
    "PaperRow",
    "Petition",
    "PetitionEvent",
    "PostalPrefix",
    "Province",
    "PublicNote",
    "ResponseFile",
    "Review",
    "Riding",
    "ShareLink",
    "Signature",
    "SittingDay",
    "Subscription",
    "Supporter",
    "Suppression",
    "Tally",
    "TallyDay",
    "TextVersion",
    "TranslationState",
    "Vault",
    "VaultSession",
    "VisitDay",
]
