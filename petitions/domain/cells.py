"""Numbers small enough to point at somebody, and tables that give none of them away.

Three ways lead to a small number: reading it, subtracting what is shown from a known whole, and
comparing a table with an earlier one. So a cell is shown from five on; what is not shown is nobody
or at least five together; and a cell that was told before is told anew only when it has moved by
five or more. Until then its old number stands, and the difference is in "other".
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: No published cell is smaller: a group of four can be four known people.
SMALLEST_CELL = 5


@dataclass(frozen=True)
class Table:
    """Cells that may be shown, largest first, "other" last.

    `told` maps every cell that was ever shown to its last number: the next table needs it.
    """

    shown: dict[str, int]
    told: dict[str, int]


def table(
    cells: Mapping[str, int], told: Mapping[str, int] | None = None, *, whole: int | None = None
) -> Table:
    """The cells as they may be shown, when `told` was told before.

    `whole` is the known number that the cells are parts of, where that is not their sum. "other",
    the rest of it, takes the next smallest cell as long as it is smaller than `SMALLEST_CELL`
    itself, without being nobody. Too few in all give no cells.
    """
    told = told or {}
    numbers = (
        (_held(number, told.get(cell, 0)), cell)
        for cell, number in cells.items()
        if number >= SMALLEST_CELL
    )
    shown = sorted(numbers, key=lambda item: (-item[0], item[1]))
    rest = (sum(cells.values()) if whole is None else whole) - sum(number for number, _ in shown)
    while shown and rest and rest < SMALLEST_CELL:
        rest += shown.pop()[0]
    if rest and rest < SMALLEST_CELL:
        return Table({}, dict(told))
    new = {cell: number for number, cell in shown}
    return Table(new | ({"other": rest} if rest else {}), {**told, **new})


def _held(number: int, told: int) -> int:
    return told if told and abs(number - told) < SMALLEST_CELL else number
