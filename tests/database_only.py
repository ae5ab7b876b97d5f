"""A plugin for the suite's second run, on another database: only what touches the database."""

import pytest

_FIXTURES = {"db", "transactional_db"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    def touches(item: pytest.Item) -> bool:
        return bool(item.get_closest_marker("django_db") or _FIXTURES & set(item.fixturenames))  # type: ignore[attr-defined]

    left_out = [item for item in items if not touches(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if touches(item)]
