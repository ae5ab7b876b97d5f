"""Files that lie in the database, so that backups and every server have them."""

from typing import TypeVar

from django.db import models

_File = TypeVar("_File", bound=models.Model)


class FileManager(models.Manager[_File]):
    """Whoever lists files needs no contents: these are read when they are asked for."""

    def get_queryset(self) -> models.QuerySet[_File]:
        return super().get_queryset().defer("content")
