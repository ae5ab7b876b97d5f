"""Which constraint a database refused, so that only the lawful refusals are taken for answers."""

from django.db import IntegrityError
from django.db.models import Model, UniqueConstraint


def broke(error: IntegrityError, model: type[Model], name: str) -> bool:
    """Whether `error` is the refusal of that unique constraint, and of no other."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:  # PostgreSQL names the constraint
        return bool(diagnosis.constraint_name == name)
    # SQLite names the columns instead.
    return str(error) == f"UNIQUE constraint failed: {', '.join(_columns(model, name))}"


def _columns(model: type[Model], name: str) -> list[str]:
    meta = model._meta  # noqa: SLF001 - Django's documented interface
    (constraint,) = (
        each
        for each in meta.constraints
        if isinstance(each, UniqueConstraint) and each.name == name
    )
    fields = {field.name: field.column for field in meta.concrete_fields}
    return [f"{meta.db_table}.{fields[name]}" for name in constraint.fields]
