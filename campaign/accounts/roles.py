"""Who may do what on the desk: one table.

A superuser may do everything, whatever the role says.
"""

from django.db import models
from django.utils.translation import pgettext_lazy


class Permission(models.TextChoices):
    SEE_OVERVIEW = "see_overview", pgettext_lazy("permission", "See the counts")
    SEE_SMALL_CELLS = "see_small_cells", pgettext_lazy("permission", "See counts under 5")
    SEND_REMINDERS = "send_reminders", pgettext_lazy("permission", "Send reminders")
    SEND_NEWS = "send_news", pgettext_lazy("permission", "Send news by e-mail")
    REVIEW_SIGNATURES = (
        "review_signatures",
        pgettext_lazy("permission", "Decide about held signatures, announce events"),
    )
    WRITE_PETITIONS = (
        "write_petitions",
        pgettext_lazy("permission", "Write and translate petitions"),
    )
    MOVE_PETITIONS = (
        "move_petitions",
        pgettext_lazy("permission", "Open, close and pause petitions"),
    )
    APPROVE_TEXTS = "approve_texts", pgettext_lazy("permission", "Approve translations")
    WRITE_NEWS = "write_news", pgettext_lazy("permission", "Write and translate news")
    PUBLISH_NEWS = "publish_news", pgettext_lazy("permission", "Publish and correct news")
    EXAMINE_PETITIONS = (
        "examine_petitions",
        pgettext_lazy("permission", "Examine form and content of petitions"),
    )
    ENTER_PAPER = "enter_paper", pgettext_lazy("permission", "Enter signatures on paper")
    KEEP_VAULT = "keep_vault", pgettext_lazy("permission", "Create and prove vaults")
    EXPORT_SIGNERS = "export_signers", pgettext_lazy("permission", "Export the signer list")
    MEET_MEMBERS = "meet_members", pgettext_lazy("permission", "Brief and meet Members")
    MAKE_LINKS = "make_links", pgettext_lazy("permission", "Make short links and posters")
    WRITE_OWN_PETITION = (
        "write_own_petition",
        pgettext_lazy("permission", "Take an own petition through the steps of the House"),
    )
    MANAGE_TEAM = "manage_team", pgettext_lazy("permission", "Invite people and give roles")


class Role(models.TextChoices):
    ORGANIZER = "organizer", pgettext_lazy("role", "Organizer")
    LIST_KEEPER = "list_keeper", pgettext_lazy("role", "List keeper")
    TRANSLATOR = "translator", pgettext_lazy("role", "Translator")
    BRIEFER = "briefer", pgettext_lazy("role", "Briefer")
    CLERK = "clerk", pgettext_lazy("role", "Clerk")
    PETITIONER = "petitioner", pgettext_lazy("role", "Petitioner")
    ADMIN = "admin", pgettext_lazy("role", "Administrator")


_P = Permission

#: What everybody on the desk may do.
_ALL = frozenset({_P.SEE_OVERVIEW})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ORGANIZER: _ALL
    | {
        _P.SEE_SMALL_CELLS,
        _P.SEND_REMINDERS,
        _P.SEND_NEWS,
        _P.REVIEW_SIGNATURES,
        _P.WRITE_PETITIONS,
        _P.APPROVE_TEXTS,
        _P.WRITE_NEWS,
        _P.PUBLISH_NEWS,
        _P.MOVE_PETITIONS,
        _P.ENTER_PAPER,
        _P.MEET_MEMBERS,
        _P.MAKE_LINKS,
    },
    Role.LIST_KEEPER: _ALL | {_P.SEE_SMALL_CELLS, _P.ENTER_PAPER, _P.KEEP_VAULT, _P.EXPORT_SIGNERS},
    Role.TRANSLATOR: _ALL | {_P.WRITE_PETITIONS, _P.APPROVE_TEXTS, _P.WRITE_NEWS},
    Role.BRIEFER: _ALL | {_P.MEET_MEMBERS},
    Role.CLERK: _ALL | {_P.EXAMINE_PETITIONS},
    # Not of the team: no page of the desk opens.
    Role.PETITIONER: frozenset({_P.WRITE_OWN_PETITION}),
    Role.ADMIN: frozenset(Permission) - {_P.WRITE_OWN_PETITION},
}
