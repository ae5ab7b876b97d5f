"""The files of photographs, each at an address of its own that never gives anything else."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from campaign.accounts.models import User
from campaign.accounts.roles import Permission
from campaign.newsroom.domain import photos
from campaign.newsroom.models import PhotoFile

_TYPES = {PhotoFile.Format.WEBP: "image/webp", PhotoFile.Format.JPEG: "image/jpeg"}


@require_safe
def photo(request: HttpRequest, public_id: UUID, width: int, extension: str) -> HttpResponse:
    """Of posts that everybody reads; of others for whoever writes news, and not to be kept."""
    asked = {"photo__public_id": public_id, "width": width, "format": extension}
    file = photos.shown().filter(**asked).first()
    if file is not None:
        return _answer(file, "public, max-age=31536000, immutable")
    if not (isinstance(request.user, User) and request.user.may(Permission.WRITE_NEWS)):
        raise Http404
    return _answer(get_object_or_404(PhotoFile, **asked), "no-store")


def _answer(file: PhotoFile, cache: str) -> HttpResponse:
    response = HttpResponse(bytes(file.content), content_type=_TYPES[PhotoFile.Format(file.format)])
    response["Cache-Control"] = cache
    return response
