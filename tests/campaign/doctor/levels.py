"""What findings say, for tests."""

from collections.abc import Iterator

from campaign.doctor import Finding, Level

OK, WARN, FAIL = Level.OK, Level.WARN, Level.FAIL


def levels(findings: Iterator[Finding]) -> list[Level]:
    return [finding.level for finding in findings]


def told(findings: Iterator[Finding]) -> str:
    """The text of the one finding."""
    (finding,) = findings
    return finding.text
