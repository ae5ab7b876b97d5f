"""The queue of files: what is not whole in it ends no worker."""

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from campaign.broker import FileTransport


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    """The folder of a queue named "bells"."""
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    return tmp_path / "messages"


def _connection(queue: Path) -> Connection:
    return Connection(
        "filesystem://",
        transport=FileTransport,
        transport_options={
            "data_folder_in": str(queue),
            "data_folder_out": str(queue),
            "control_folder": str(queue.parent / "control"),
        },
    )


@pytest.mark.parametrize("content", ["", '{"body": "eyJ'])
def test_a_bell_that_is_not_whole_is_taken_for_none(queue: Path, content: str) -> None:
    with _connection(queue) as connection:
        channel = connection.channel()
        (queue / f"1_torn-{queue.parent.name}.bells.msg").write_text(content)
        with pytest.raises(Empty):
            channel._get("bells")
        channel._put("bells", {"bell": "the next one"})
        assert channel._get("bells") == {"bell": "the next one"}
