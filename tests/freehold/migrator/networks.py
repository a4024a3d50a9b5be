"""A network between the migrator and its server that is cut, on either side."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.freehold.embedded.processes import Child

_LOCK = b"freehold migrate, process"  # what the lock's session calls itself in its first message


class Link:
    """Two sockets, of which each gets what comes from the other."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.sides = {client: server, server: client}
        self.client, self.server = client, server
        self.is_lock = self.is_mute = self.eats_answers = self.is_marked = False

    def pass_on(self, side: socket.socket) -> bool:
        """Pass on what has come from one side, as far as the link is whole; tell whether it has not ended."""
        with suppress(OSError):
            if found := side.recv(65536):
                self.is_lock = self.is_lock or _LOCK in found
                if self.eats_answers and side is self.server:
                    self.end()
                elif not self.is_mute:
                    self.sides[side].sendall(found)
                return True
        if not self.is_mute:
            self.end()
        return False

    def end(self, *sides: socket.socket) -> None:
        """Close it for whoever is at these sides, at both where none is named. The other hears nothing any more."""
        self.is_mute = True
        for side in sides or (self.client, self.server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)


class Network:
    """A process that links whoever connects to it with the server, and takes orders about those that were marked."""

    def __init__(self, server: dict[str, Any]) -> None:
        self.server = server
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.control, self.orders = socket.socketpair()
        self.links: list[Link] = []
        self.child = Child(self.serve)
        self.listener.close()

    def tell(self, order: str) -> None:
        """Have an order carried out: mark, client, server, both, answers, lock."""
        self.control.sendall(order.encode())
        assert self.control.recv(16) == b"done"

    # --- In the process -----------------------------------------------------------------------------------------------
    def serve(self) -> None:
        selector = selectors.DefaultSelector()
        for listened in (self.listener, self.orders):
            selector.register(listened, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                side: Any = key.fileobj
                if side is self.listener:
                    link = self.connect()
                    for each in link.sides:
                        selector.register(each, selectors.EVENT_READ, link)
                elif side is self.orders:
                    self.obey(side.recv(16).decode())
                    side.sendall(b"done")
                elif not key.data.pass_on(side):
                    selector.unregister(side)

    def connect(self) -> Link:
        client, _ = self.listener.accept()
        host, port = self.server["host"], self.server["port"]
        if host.startswith("/"):
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{host}/.s.PGSQL.{port}")
        else:
            server = socket.create_connection((host, int(port)))
        self.links.append(Link(client, server))
        return self.links[-1]

    def obey(self, order: str) -> None:
        for link in self.links:
            if order == "mark":
                link.is_marked = True
            elif link.is_marked:
                self.cut(link, order)

    def cut(self, link: Link, order: str) -> None:
        if order == "answers":
            link.eats_answers = True
        elif order == "both":
            link.end()
        elif order == "client" or (order == "lock" and link.is_lock):
            link.end(link.client if order == "client" else link.server)
        elif order == "server":
            link.end(link.server)


@contextmanager
def network_to(server: dict[str, Any]) -> Iterator[Network]:
    """Give a network that ends with the block."""
    network = Network(server)
    try:
        yield network
    finally:
        network.child.kill()
        network.control.close()
