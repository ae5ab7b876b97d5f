"""What `manage.py doctor` looks at, in the order in which it tells it."""

from collections.abc import Callable, Iterator

from django.db import Error as AnyDatabaseError

from campaign.doctor import databases, files, keys, mail, services, work
from campaign.doctor.findings import Finding, Level, fail

Check = Callable[[], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    databases.answers,
    databases.is_migrated,
    databases.keeps_what_it_acknowledged,
    databases.has_our_time,
    keys.have_their_form,
    keys.are_closed_to_others,
    keys.mail_keys_open_what_waits,
    keys.changed_vaults_are_through,
    keys.peppers_are_those_of_petitions,
    files.have_space,
    files.catalogues_are_compiled,
    files.backups_are_fresh,
    services.deploy_checks_pass,
    services.proxies_are_counted,
    services.redis_refuses_when_full,
    work.outbox_moves,
    work.mail_caps_leave_room,
    work.mails_are_taken,
    work.worker_keeps_up,
    work.purge_keeps_up,
    work.clock_rings,
    work.vaults_are_proved,
    mail.leaves,
    mail.is_believed,
)

__all__ = ["CHECKS", "Check", "Finding", "Level", "examine"]


def examine(checks: tuple[Check, ...] = CHECKS) -> Iterator[Finding]:
    """Every finding of these checks. A database that does not answer is one, told once."""
    is_told = False
    for check in checks:
        try:
            yield from check()
        except AnyDatabaseError as error:
            if not is_told:
                yield fail(
                    "database",
                    f"does not answer as it should ({type(error).__name__}); "
                    "what needs it was not looked at",
                    remedy="Start it, mend DATABASE_URL, or migrate; then run the doctor again.",
                )
            is_told = True
