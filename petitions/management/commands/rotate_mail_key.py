"""Puts what waits under an older mail key under the newest."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from petitions.domain import mail_keys


class Command(BaseCommand):
    help = (
        "Puts every stored address under the first of PETITIONS_MAIL_KEYS while the site runs. "
        "Restart web and worker with the new key in front before. May be repeated."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{mail_keys.renew()} put under the newest key.")
        left = mail_keys.kept()
        for each in left:
            self.stderr.write(
                f"{each.column}: {each.older} need an older key, {each.unreadable} open with none."
            )
        if left:
            raise CommandError(
                "Keep the older keys. Where an older one is needed, web or worker still runs "
                "without the new one: restart them and repeat. What no key opens needs a key "
                "that was dropped: put it back last."
            )
        self.stdout.write("0 need an older key.")
