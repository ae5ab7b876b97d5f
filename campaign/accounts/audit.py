"""The audit log on the desk: who did what, newest first; and whether its chain holds."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.domain import team
from campaign.accounts.models import TeamEvent, User
from campaign.accounts.roles import Permission, Role
from petitions import clock, formats
from petitions.domain import auditing
from petitions.domain.text_names import language_name
from petitions.forms import PlainForm
from petitions.models import AuditEvent, KeySlot, Petition
from petitions.models.writing import PublicNote
from petitions.states import PaperState, PetitionState

#: Lines of one page.
_PAGE = 50
_K = AuditEvent.Kind


class FilterForm(PlainForm):
    """What to look for; everything may be left open."""

    kind = forms.ChoiceField(label=_("Act"), required=False)
    actor = forms.ChoiceField(label=pgettext_lazy("audit", "By whom"), required=False)
    petition = forms.ChoiceField(label=_("Petition"), required=False)
    since = forms.DateField(
        label=_("From (YYYY-MM-DD)"),
        required=False,
        error_messages={"invalid": _("Enter a date like 2026-05-31")},
        widget=forms.TextInput(attrs={"class": "short nums", "inputmode": "numeric"}),
    )
    until = forms.DateField(
        label=_("To (YYYY-MM-DD)"),
        required=False,
        error_messages={"invalid": _("Enter a date like 2026-05-31")},
        widget=forms.TextInput(attrs={"class": "short nums", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("All"))]
        petitions = Petition.objects.order_by("-pk")
        choices: dict[str, list[tuple[Any, Any]]] = {
            "kind": _K.choices,
            "actor": [(str(each.pk), str(each)) for each in team.members()],
            "petition": [(str(each.pk), str(each)) for each in petitions],
        }
        for name, options in choices.items():
            self.fields[name].choices = [*everything, *options]  # type: ignore[attr-defined]

    def lines(self) -> QuerySet[AuditEvent]:
        """The lines asked for; days are those of Toronto."""
        asked = self.cleaned_data
        found = AuditEvent.objects.all()
        for name, column in (("kind", "kind"), ("actor", "actor"), ("petition", "petition_id")):
            if asked[name]:
                found = found.filter(**{column: asked[name]})
        if asked["since"]:
            start = datetime.combine(asked["since"], time(), clock.TORONTO)
            found = found.filter(happened_at__gte=start)
        if asked["until"]:
            end = datetime.combine(asked["until"] + timedelta(days=1), time(), clock.TORONTO)
            found = found.filter(happened_at__lt=end)
        return found


@require_safe
@needs(Permission.MANAGE_TEAM)
def audit(request: StaffRequest) -> HttpResponse:
    """A page of lines; `before` goes on from a line, `check` computes the chain again."""
    form = FilterForm(request.GET)
    if not form.is_valid():
        return render(request, "accounts/audit.html", {"form": form, "rows": []}, status=422)
    found = form.lines()
    if (before := request.GET.get("before", "")).isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    lines = list(found.select_related("petition")[: _PAGE + 1])
    more = request.GET.copy()
    if len(lines) > _PAGE:
        more["before"] = str(lines[_PAGE - 1].pk)
    context = {
        "form": form,
        "rows": _rows(lines[:_PAGE]),
        "more": more.urlencode() if len(lines) > _PAGE else "",
        "verdict": auditing.verify() if request.GET.get("check") else None,
    }
    return render(request, "accounts/audit.html", context)


def _rows(lines: list[AuditEvent]) -> list[dict[str, Any]]:
    numbers = [number for line in lines for number in (line.actor, line.detail.get("person"))]
    people = User.objects.filter(pk__in={number for number in numbers if number is not None})
    names = {each.pk: str(each) for each in people}
    return [
        {
            "line": line,
            "who": _who(line, names),
            "what": _K(line.kind).label if line.kind in _K else line.kind,
            "detail": _detail(line, names),
        }
        for line in lines
    ]


def _who(line: AuditEvent, names: Mapping[int, str]) -> str:
    if line.actor is None:
        return gettext("nobody’s account: the clock, a mailed link, or the server")
    return names.get(line.actor) or gettext("account no. %(number)s") % {"number": line.actor}


def _detail(line: AuditEvent, names: Mapping[int, str]) -> str:
    """The line's few values in words; "" where the act says it all."""
    tell = _TELL.get(_K(line.kind)) if line.kind in _K else None
    return tell(line.detail, names) if tell else ""


Tell = Callable[[Mapping[str, Any], Mapping[int, str]], str]


def _moved(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    return f"{PetitionState(detail['origin']).label} → {PetitionState(detail['to']).label}"


def _team(detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    parts = [names.get(detail["person"], ""), str(TeamEvent.Kind(detail["change"]).label)]
    return " · ".join(part for part in [*parts, _role(detail, names)] if part)


def _role(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    return str(Role(detail["role"]).label) if detail.get("role") else ""


def _dates(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    days = ngettext("%(days)s day", "%(days)s days", detail["days"])
    length = days % {"days": formats.number(detail["days"])}
    goal = gettext("goal %(goal)s") % {"goal": formats.number(detail["threshold"])}
    return f"{length} · {goal}"


def _number(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    return formats.number(detail.get("number", 0))


def _note(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    return str(PublicNote.Kind(detail["note"]).label)


def _export(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    return gettext("no. %(number)s in its log") % {"number": detail["export"]}


def _asked(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    return pgettext("address", "found") if detail["found"] else pgettext("address", "not found")


def _looked(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    """By what the list was narrowed; the values themselves are kept nowhere."""
    labels = {
        "name": gettext("Full name"),
        "province": gettext("Province or territory"),
        "riding": gettext("Riding"),
        "day": gettext("Day"),
    }
    return " · ".join(labels[kind] for kind in detail["filters"].split())


def _closed(detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """To whom it had been open, where that is not whoever closed it by the button."""
    return names.get(detail.get("person", 0), "")


def _slot(detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    way = str(KeySlot.Kind(detail["way"]).label)
    whose = names.get(detail.get("person", 0), "")
    return " · ".join(part for part in (way, whose) if part)


def _paper(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    sheet = gettext("sheet %(number)s") % {"number": detail["sheet"]}
    state = str(PaperState(detail["state"]).label)
    return f"{sheet} · {state} · {formats.number(detail['number'])}"


def _post(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    return str(detail["post"])


def _document(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    """Which copy, and its digest; where it took the place of another one, that one's first."""
    digests = " → ".join(detail[name] for name in ("before", "digest") if name in detail)
    return f"{detail['resolution']} · {language_name(detail['language'])} · {digests}"


def _day(detail: Mapping[str, Any], _names: Mapping[int, str]) -> str:
    return str(detail["day"])


_TELL: dict[AuditEvent.Kind, Tell] = {
    _K.INVITED: _role,
    _K.TEAM: _team,
    _K.MOVED: _moved,
    _K.DATES: _dates,
    _K.APPROVED: _number,
    _K.NOTE: _note,
    _K.REMINDED: _number,
    _K.NEWS_SENT: _number,
    _K.NEWS_STOPPED: _number,
    _K.VAULT_CLOSED: _closed,
    _K.LIST_READ: _looked,
    _K.ADDRESS_ASKED: _asked,
    _K.SLOT_ADDED: _slot,
    _K.SLOT_GONE: _slot,
    _K.EXPORTED: _export,
    _K.PAPER: _paper,
    _K.MEMBERS: _day,
    _K.POST_PUBLISHED: _post,
    _K.POST_BACK: _post,
    _K.POST_CORRECTED: _post,
    _K.POST_WITHDRAWN: _post,
    _K.DOCUMENT_KEPT: _document,
    _K.DOCUMENT_REMOVED: _document,
}
