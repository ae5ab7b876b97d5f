"""A wire between the site and a server that a test can cut."""

import socket
from contextlib import suppress
from threading import Lock, Thread


class Proxy:
    """Passes bytes between a port of its own and `target` until it is cut."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self._ends: list[socket.socket] = []
        self._lock = Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._listen()

    def _listen(self) -> None:
        Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _address = listener.accept()
                far = socket.create_connection(self.target)
            except OSError:
                return
            with self._lock:
                self._ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                Thread(target=_pass_on, args=(source, sink), daemon=True).start()

    def cut(self) -> None:
        """Every connection breaks, and new ones are refused."""
        _close(self._listener)
        with self._lock:
            for end in self._ends:
                _close(end)
            self._ends.clear()

    def mend(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._listen()


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    _close(source)
    _close(sink)
