"""The versions of a petition's texts as pages show them."""

from typing import Any

from campaign.dashboard import petition_wording as wording
from petitions import formats
from petitions.domain import editing, history
from petitions.models import Petition


def context(petition: Petition) -> dict[str, Any]:
    steps = history.steps(petition, editing.texts_of(petition).content())
    return {
        "petition": petition,
        "steps": [
            {
                "version": step.version,
                "changes": [
                    {
                        "label": wording.text_name(change.name),
                        "language": wording.language(change.language),
                        "html_lang": formats.HTML_LANGUAGES[change.language],
                        "pieces": change.pieces,
                    }
                    for change in step.changes
                ],
            }
            for step in steps
        ],
    }
