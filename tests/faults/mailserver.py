"""The mail server of the trials: answers as it is told, and hands each link to who presses it."""

from collections import defaultdict
from collections.abc import Callable
from queue import Queue

from tests.processes.mailboxes import Mail, MailServer


class Sink(MailServer):
    """Keeps every mail by its address.

    answer      what a mail is answered: 250, 421, 450, 550 ("250 OK" at first)
    links       what people find in their mailboxes: (address, path of the link)
    order       the addresses in which mails came
    accepted    called once a mail is in its mailbox, before the sender hears of it
    """

    def __init__(self, port: int | None = None) -> None:
        super().__init__(port)
        self.links: Queue[tuple[str, str]] = Queue()
        self.order: list[str] = []
        self.accepted: Callable[[str], None] | None = None
        self._is_open = False
        self._boxes: dict[str, list[Mail]] = defaultdict(list)

    def start(self) -> "Sink":
        super().start()
        self._is_open = True
        return self

    def stop(self) -> None:
        if self._is_open:
            super().stop()
            self._is_open = False

    def take(self, content: bytes) -> None:
        super().take(content)
        address = str(self.arrived[-1]["To"])
        [mail] = super().mails(address)
        # Only the newest is searched for its address: a trial brings thousands.
        self.arrived.clear()
        self._boxes[address].append(mail)
        self.order.append(address)
        if "/c/" in mail.text:
            self.links.put((address, mail.link))
        if self.accepted is not None:
            self.accepted(address)

    def mails(self, address: str) -> list[Mail]:
        return list(self._boxes.get(address, ()))

    def most_copies(self) -> int:
        """The most mails that one address got."""
        return max((len(mails) for mails in list(self._boxes.values())), default=0)
