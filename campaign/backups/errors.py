"""What goes wrong with backups; each text says what to do."""


class BackupError(Exception):
    """Nothing was done, or what was done was taken back."""


class DamagedError(BackupError):
    """A file that was cut, changed, or is no backup."""


class WrongKeyError(BackupError):
    """The recovery key opens other backups, not this one."""


class LossError(BackupError):
    """Restoring would lose something that nobody agreed to lose."""
