"""A wire that loses an answer after the work behind it is done."""

import random
import socket
from contextlib import suppress
from threading import Event, Lock, Thread


class ForgetfulWire:
    """Passes bytes on, and cuts the connection instead of giving back some of the answers.

    In one of `odds` cases the answer to what holds `mark` is awaited and dropped: the far end has
    done the work, the near end never hears of it.
    """

    def __init__(self, port: int, *, mark: bytes, odds: int) -> None:
        self.target = ("127.0.0.1", port)
        self.mark, self.odds = mark, odds
        self.forgotten = 0
        #: Set to forget nothing more.
        self.mended = Event()
        self._lock = Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(self.target) as far:
            forget = Event()
            Thread(target=self._give_back, args=(far, near, forget), daemon=True).start()
            while data := near.recv(65536):
                if self.mark in data and self._is_unlucky():
                    forget.set()
                far.sendall(data)
            far.shutdown(socket.SHUT_RDWR)

    def _give_back(self, far: socket.socket, near: socket.socket, forget: Event) -> None:
        with suppress(OSError):
            while data := far.recv(65536):
                if forget.is_set():
                    with self._lock:
                        self.forgotten += 1
                    break
                near.sendall(data)
        for end in (far, near):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _is_unlucky(self) -> bool:
        return not self.mended.is_set() and random.randrange(self.odds) == 0
