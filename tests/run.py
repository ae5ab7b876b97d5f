"""`make test`: the suite on SQLite, and once more on PostgreSQL when a server is there.

Services are looked for, never installed; what they are missing for is skipped and named. With
CI_REQUIRE=1 a skip is a failure.
"""

import os
import subprocess
import sys

from tests.services import postgres_url

#: Parts that do not depend on the engine of the test run, or bring their own.
_ONCE = ("tests/browser", "tests/processes", "tests/project")


def _pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


def main() -> int:
    extra = sys.argv[1:]
    print("--- SQLite", flush=True)
    code = _pytest(*extra)
    url = postgres_url()
    if url is None:
        print("--- PostgreSQL: skipped, no server answers at TEST_POSTGRES_URL", flush=True)
        return code or int(os.environ.get("CI_REQUIRE") == "1")
    print("--- PostgreSQL", flush=True)
    ignored = [f"--ignore={part}" for part in _ONCE]
    return _pytest(*ignored, *extra, TEST_DATABASE_URL=url) or code


if __name__ == "__main__":
    sys.exit(main())
