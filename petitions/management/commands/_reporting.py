"""How an import tells what it did."""

from petitions.domain.ridings import Report


def lines(report: Report, what: str) -> list[str]:
    """One line for each row that is new, gone or changed, and a last one with the numbers."""
    numbers = (
        f"{len(report.added)} added, {len(report.gone)} gone, "
        f"{len(report.changed)} fields changed, {report.unchanged} unchanged"
    )
    return [
        *(f"+ {name}" for name in report.added),
        *(f"- {name}" for name in report.gone),
        *(f"~ {each.name}: {each.field} {each.old!s} → {each.new!s}" for each in report.changed),
        f"{what}: {numbers}.",
    ]
