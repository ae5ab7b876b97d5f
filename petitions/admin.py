"""The petition machine in the superuser's back office: mostly for looking.

What the domain decides cannot be typed here: states, signatures, vaults, events and figures are
shown and neither changed nor deleted. A petition's text is open until signing has been scheduled.
"""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from petitions.domain import translating
from petitions.domain.editing import IN_WRITING, subject_of
from petitions.models import (
    Clause,
    Delivery,
    KeySlot,
    Mailing,
    Member,
    NewsMail,
    Petition,
    PetitionEvent,
    Riding,
    Signature,
    Tally,
    Vault,
)


def _is_in_writing(petition: Petition | None) -> bool:
    """Whether this text is still open; asked of no petition in particular, yes."""
    return petition is None or petition.state in IN_WRITING


class LookOnly(admin.ModelAdmin[Any]):
    """Shown, never added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ClauseInline(TranslationStackedInline):
    model = Clause
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return _is_in_writing(obj) and bool(super().has_add_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return _is_in_writing(obj) and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return _is_in_writing(obj) and bool(super().has_delete_permission(request, obj))


@admin.register(Petition)
class PetitionAdmin(TranslationAdmin):
    list_display = ["slug", "title", "kind", "state", "opens_at", "closes_at"]
    list_filter = ["state", "kind"]
    readonly_fields = ["state", "paused_at"]
    inlines = [ClauseInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Clauses are saved last: then whoever wrote what is noted for the translation gate."""
        super().save_related(request, form, formsets, change)
        stored = Petition.objects.get(pk=form.instance.pk)
        translating.record(subject_of(stored), by=cast(AbstractBaseUser, request.user))

    def has_change_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return _is_in_writing(obj) and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False


@admin.register(PetitionEvent)
class PetitionEventAdmin(LookOnly):
    list_display = ["petition", "happened_at", "from_state", "to_state", "by"]
    list_filter = ["petition", "to_state"]


@admin.register(Signature)
class SignatureAdmin(LookOnly):
    """Counts and states. Boxes, indexes and identifiers of links are not shown at all."""

    list_display = ["pk", "petition", "state", "language", "province", "created_day"]
    list_filter = ["petition", "state", "language", "province"]
    fields = ["petition", "state", "language", "province", "source", "created_day", "is_demo"]

    @admin.display(description="day")
    def created_day(self, signature: Signature) -> str:
        return f"{signature.created_at:%Y-%m-%d}"


@admin.register(Delivery)
class DeliveryAdmin(LookOnly):
    list_display = ["pk", "kind", "state", "attempts", "due_at", "sent_at", "problem"]
    list_filter = ["state", "kind"]
    fields = ["kind", "state", "petition", "language", "attempts", "due_at", "sent_at", "problem"]


@admin.register(Mailing)
class MailingAdmin(LookOnly):
    list_display = ["kind", "petition", "recipients", "started_at", "started_by"]
    list_filter = ["petition", "kind"]


@admin.register(NewsMail)
class NewsMailAdmin(LookOnly):
    list_display = ["heading", "petition", "state", "recipients", "started_at", "started_by"]
    list_filter = ["petition", "state"]


@admin.register(Vault)
class VaultAdmin(LookOnly):
    list_display = ["petition", "created_at"]
    fields = ["petition", "created_at"]


@admin.register(KeySlot)
class KeySlotAdmin(LookOnly):
    list_display = ["vault", "kind", "proved_at", "created_at"]
    fields = ["vault", "kind", "proved_at", "created_at"]


@admin.register(Tally)
class TallyAdmin(LookOnly):
    list_display = ["petition", "total", "as_of"]


@admin.register(Riding)
class RidingAdmin(LookOnly):
    list_display = ["code", "name", "province"]
    list_filter = ["province"]
    search_fields = ["name_en", "name_fr"]


@admin.register(Member)
class MemberAdmin(LookOnly):
    list_display = ["member_id", "name", "riding", "party", "checked_on", "left_on"]
    list_filter = ["riding__province", "party"]
    search_fields = ["name"]
