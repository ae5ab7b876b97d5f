"""Who may do what on the desk: one table.

A superuser may do everything, whatever the role says.
"""

from django.db import models
from django.utils.translation import pgettext_lazy


class Permission(models.TextChoices):
    SEE_OVERVIEW = "see_overview", pgettext_lazy("permission", "See the counts")
    SEE_SMALL_CELLS = "see_small_cells", pgettext_lazy("permission", "See counts under 5")
    EXPORT_SIGNERS = "export_signers", pgettext_lazy("permission", "Export the signer list")


class Role(models.TextChoices):
    ORGANIZER = "organizer", pgettext_lazy("role", "Organizer")
    LIST_KEEPER = "list_keeper", pgettext_lazy("role", "List keeper")
    TRANSLATOR = "translator", pgettext_lazy("role", "Translator")
    BRIEFER = "briefer", pgettext_lazy("role", "Briefer")
    CLERK = "clerk", pgettext_lazy("role", "Clerk")
    ADMIN = "admin", pgettext_lazy("role", "Administrator")


_P = Permission

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ORGANIZER: frozenset({_P.SEE_OVERVIEW, _P.SEE_SMALL_CELLS}),
    Role.LIST_KEEPER: frozenset({_P.SEE_OVERVIEW, _P.SEE_SMALL_CELLS, _P.EXPORT_SIGNERS}),
    Role.TRANSLATOR: frozenset({_P.SEE_OVERVIEW}),
    Role.BRIEFER: frozenset({_P.SEE_OVERVIEW}),
    Role.CLERK: frozenset({_P.SEE_OVERVIEW}),
    Role.ADMIN: frozenset(Permission),
}
