"""Pictures of the five steps of signing here, each taken of our own pages (`make shots`)."""

from dataclasses import dataclass

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.newsroom.models import Guide
from petitions import formats

#: The guide that has pictures; the House's own site is not ours to show.
GUIDE = "this-site"
#: Of each picture, as it is shown; the file has twice as many pixels.
WIDTH, HEIGHT = 320, 340
#: What is to be seen, step by step.
_SEEN = (
    _("The petition's page on a phone: its title and what it asks."),
    _("The top of the page, where the three languages stand."),
    _("The counter with the button that leads to the form."),
    _("The form, with the name and the e-mail address filled in."),
    _("The page behind the link in the e-mail, with the button that confirms."),
)


STEPS = len(_SEEN)


@dataclass(frozen=True)
class Picture:
    step: int
    url: str
    alt: Promise
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def to_share(self) -> str:
        """The name of the picture to pass on that shows the step with its words."""
        return f"step-{self.step}"


def name(language: str, step: int) -> str:
    """The picture's file among the static ones."""
    return f"campaign/guide/{language}-{step}.webp"


def has_pictures(guide: Guide) -> bool:
    """Whether it is the one of five steps on this site."""
    return guide.slug == GUIDE and len(guide.steps.all()) == STEPS


def of_guide(guide: Guide) -> list[Picture | None]:
    """One for each step; none for a guide that has no pictures."""
    if not has_pictures(guide):
        return [None] * len(guide.steps.all())
    return [
        Picture(step, static(name(formats.current(), step)), alt)
        for step, alt in enumerate(_SEEN, start=1)
    ]
