"""The broker's connection, for messages of which none matters: the next bell rings in seconds."""

from queue import Empty
from typing import Any

from celery.app.amqp import AMQP
from kombu import Connection
from kombu.transport import filesystem, redis

#: Seconds between two tries while the broker is away. Celery's own grow to half a minute, and
#: mail would wait that long after the broker's return.
_LONGEST_WAIT = 5


class PromptConnection(Connection):
    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        return super().ensure_connection(*args, **{"interval_max": _LONGEST_WAIT, **kwargs})


class Broker(AMQP):
    Connection = PromptConnection


class RedisChannel(redis.Channel):
    #: kombu would write unfinished bells back over the very connection that has just broken, and
    #: keep them in a file when that fails.
    do_restore = False


class RedisTransport(redis.Transport):
    """For `CELERY_BROKER_TRANSPORT`."""

    Channel = RedisChannel


class FileChannel(filesystem.Channel):
    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The next bell. One whose file is not whole, since its writer has not finished or was
        killed, is taken for none: kombu would let it end the worker."""
        try:
            return super()._get(queue)
        except ValueError as error:
            raise Empty from error


class FileTransport(filesystem.Transport):
    """For `CELERY_BROKER_TRANSPORT`."""

    Channel = FileChannel
