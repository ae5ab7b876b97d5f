"""Style sheets and scripts are written by topic and sent as one file each.

A phone on a slow network pays for every request. `collectstatic` joins the parts in the order
given here before it hashes and compresses them; with DEBUG the parts are linked one by one.
"""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: Bundle → its parts, in order: later rules win.
BUNDLES: dict[str, tuple[str, ...]] = {
    "campaign/css/site.css": tuple(
        f"campaign/css/{part}.css"
        for part in ("tokens", "elements", "layout", "components", "forms", "print")
    ),
    # The page waits for it, for the colours; all the rest in it waits for the page.
    "campaign/js/site.js": tuple(
        f"campaign/js/{part}.js" for part in ("colours", "page", "count", "share", "seen")
    ),
    "campaign/css/embed.css": ("campaign/css/tokens.css", "campaign/css/card.css"),
}


class BundlingStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which also writes the bundles among the collected files."""

    def post_process(
        self,
        paths: dict[str, Any],
        dry_run: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **options: Any,
    ) -> Iterator[tuple[str, str, bool | Exception | None]]:
        if not dry_run:
            for bundle, parts in BUNDLES.items():
                self.delete(bundle)
                self.save(bundle, ContentFile(b"\n".join(map(self._read, parts))))
                paths = {**paths, bundle: (self, bundle)}
        yield from super().post_process(paths, dry_run, **options)

    def _read(self, name: str) -> bytes:
        with self.open(name) as file:
            content: bytes = file.read()
        return content
