"""The petition page that nginx keeps, beside a file that it reads from the disk.

Both over TLS, as visitors ask for them; the page in its compressed form, and a style sheet.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench import page, signing
from tests.bench.ground import Ground
from tests.bench.report import Figure, of_reference
from tests.processes.nginx import SiteBehindNginx

_PAGE = "/en/petitions/bench/"


def is_there() -> bool:
    return shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin") is not None


def measure(place: Ground, rows: int) -> list[Figure]:
    if not is_there():
        return [Figure("not measured", "nginx is not installed")]
    place.run_once(*signing.FILL, str(rows))
    place.run_once("manage.py", "collectstatic", "--noinput", "--verbosity=0")
    with page.web(place), _nginx(place) as site:
        file = _style_sheet(site.folder / "static")
        rounds = list(page.rounds(site.connect, (file, _PAGE), place.seconds))
    bare, kept = (median(rates) for rates in zip(*rounds, strict=True))
    return [
        Figure("reference: a file from nginx", f"{bare:,.0f} a second"),
        Figure("kept page from nginx", f"{kept:,.0f} a second"),
        of_reference(
            "kept page from nginx", median(each[1] / each[0] for each in rounds), "0.80 or more"
        ),
    ]


@contextmanager
def _nginx(place: Ground) -> Iterator[SiteBehindNginx]:
    """The shipped site of nginx before the place's gunicorn."""
    site = SiteBehindNginx(Path(place.env["VAR_DIR"]), {}, port=int(place.env["PORT"]))
    site.start_nginx()
    try:
        yield site
    finally:
        assert site.nginx is not None
        site.nginx.terminate()
        site.nginx.wait(10)
        shutil.rmtree(site.nginx_folder)


def _style_sheet(folder: Path) -> str:
    """The address of a file about as long as the page."""
    files = folder.glob("campaign/css/*.css")
    found = min(files, key=lambda file: abs(file.stat().st_size - 30_000))
    return f"/static/{found.relative_to(folder)}"
