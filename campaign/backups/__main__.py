"""The keys out of a backup, on a machine that has none and so cannot start the site:

python -m campaign.backups petition-….keys --to keys.env
"""

import argparse
import json
import sys
from pathlib import Path

from campaign.backups import files, recovery
from campaign.backups.asking import ask
from campaign.backups.errors import BackupError
from campaign.backups.sealing import Content, unseal


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m campaign.backups", description=__doc__)
    parser.add_argument("file", type=Path, help="a backup of keys: petition-….keys")
    parser.add_argument("--to", type=Path, default=Path("keys.env"), help="a new file to write")
    parser.add_argument("--key-file", type=Path, help="a file with the recovery key")
    options = parser.parse_args()
    try:
        code = options.key_file.read_text() if options.key_file else ask("Recovery key: ")
        write_keys(options.file, code, to=options.to)
    except (BackupError, OSError) as error:
        sys.exit(f"Nothing was restored: {error}")
    print(f"The keys are in {options.to}. Put its lines into .env, then delete it.")  # noqa: T201


def write_keys(backup: Path, code: str, *, to: Path) -> None:
    """Writes the keys as lines of `.env` into a new file of its owner's."""
    with backup.open("rb") as source:
        key = recovery.private_key(code)
        content = json.loads(b"".join(unseal(source, key, content=Content.KEYS)))
    lines = [f"# Keys of {content['made_at']}", *map("=".join, content["keys"].items())]
    files.write(to, iter(["\n".join(lines).encode() + b"\n"]))


if __name__ == "__main__":
    main()
