"""`make test`: the suite on SQLite, and once more on PostgreSQL when a server is there.

Services are looked for, never installed; what they are missing for is skipped and named. With
CI_REQUIRE=1 a skip is a failure.
"""

import os
import subprocess
import sys

from tests.services import SERVICES, missing, postgres_url

#: Parts that do not depend on the engine of the test run, or bring their own.
_ONCE = ("tests/bench", "tests/browser", "tests/processes", "tests/project")


def _pytest(title: str, *arguments: str, database: str) -> bool:
    print(f"\n=== {title}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    environment = {**os.environ, "TEST_DATABASE_URL": database}
    code = subprocess.run(command, env=environment, check=False).returncode
    # 5: no test of those asked for by name is in this part.
    return code == 0 or (code == 5 and bool(sys.argv[1:]))


def main() -> int:
    extra = sys.argv[1:]
    passed = {"on SQLite": _pytest("The suite on SQLite", *extra, database="")}
    url = postgres_url()
    if url is not None:
        ignored = [f"--ignore={part}" for part in _ONCE]
        title = "The suite on PostgreSQL"
        only = ("-p", "tests.database_only", *ignored)
        passed["on PostgreSQL"] = _pytest(title, *only, *extra, database=url)
    print("\n=== Result")
    for where, well in passed.items():
        print(f"{'passed ' if well else 'FAILED '} {where}")
    if url is None:
        print("skipped on PostgreSQL")
    reasons = [why for marker in SERVICES if (why := missing(marker))]
    for why in reasons:
        print(f"        {why}; the tests that need it are named above")
    refused = bool(reasons) and os.environ.get("CI_REQUIRE") == "1"
    return int(refused or not all(passed.values()))


if __name__ == "__main__":
    sys.exit(main())
