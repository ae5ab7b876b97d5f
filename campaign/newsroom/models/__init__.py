"""Prose of this campaign in three languages, by topic."""

from campaign.newsroom.models.happenings import Happening
from campaign.newsroom.models.posts import (
    Photo,
    PhotoFile,
    Post,
    PostCorrection,
    PostSource,
    Tag,
)
from campaign.newsroom.models.prose import Guide, GuideStep, Page, Question
from campaign.newsroom.models.resolutions import Document, Resolution, ResolutionPoint

__all__ = [
    "Document",
    "Guide",
    "GuideStep",
    "Happening",
    "Page",
    "Photo",
    "PhotoFile",
    "Post",
    "PostCorrection",
    "PostSource",
    "Question",
    "Resolution",
    "ResolutionPoint",
    "Tag",
]
