"""The whole content of the database, to compare before and after."""

from typing import Any

from django.apps import apps
from django.db.models import QuerySet


def all_rows() -> dict[str, list[Any]]:
    """Every column of every row of every table, binary ones as bytes on both engines.

    Plain querysets: the translating ones leave columns out.
    """
    return {
        model._meta.db_table: [
            tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
            for row in QuerySet(model).order_by("pk").values_list()
        ]
        for model in apps.get_models(include_auto_created=True)
    }
