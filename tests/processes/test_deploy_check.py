"""What an operator is told to run before the real thing."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REAL = {
    "DEMO": "0",
    "SECRET_KEY": "9f2c1e7ab4d85036c7e1f9a2b3d4c5e6f708192a3b4c5d6e7f8091a2b3c4d5e6",
    "PETITIONS_MAIL_KEYS": "8Yg6cXH2bLrZ1oF0m9oXoYbq1k6cY2t3q4u5v6w7x8Y=",
    "PETITIONS_LINK_KEY": "a link key",
    "PETITIONS_INDEX_PEPPER": "a pepper",
    "PUBLIC_BASE_URL": "https://petition.example.org",
}


def _check(var_dir: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = {"PATH": os.environ["PATH"], **REAL, "VAR_DIR": str(var_dir), **changes}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_a_real_site_passes_the_deploy_check(tmp_path: Path) -> None:
    result = _check(tmp_path)
    assert (result.returncode, result.stdout.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    )


def test_a_demonstration_on_a_public_address_does_not(tmp_path: Path) -> None:
    result = _check(tmp_path, DEMO="1", BIND="0.0.0.0")
    assert result.returncode == 1
    assert "DEMO=1 on a public BIND address." in result.stderr
