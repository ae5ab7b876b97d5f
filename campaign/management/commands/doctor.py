"""Looks at everything that an operator would have to, and says what to do."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from campaign.doctor import Level, examine


class Command(BaseCommand):
    help = "Examines database, keys, mail, backups and what runs by itself; ends with 1 on a FAIL."
    #: They are one of the checks.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        levels = []
        for finding in examine():
            self.stdout.write(str(finding))
            self.stdout.flush()  # a name server may take its time over the next one
            levels.append(finding.level)
        failed, warned = levels.count(Level.FAIL), levels.count(Level.WARN)
        self.stdout.write(
            f"{len(levels)} looked at, {failed} to mend now, {warned} to think about."
        )
        if failed:
            sys.exit(1)
