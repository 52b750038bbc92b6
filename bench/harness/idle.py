"""Idle HTTP/2 connections: opened, SETTINGS exchanged and acknowledged, then silent."""

import selectors
import socket
import time

from .errors import BenchError

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS, ACK = 4, 1


def settings_frame(flags: int) -> bytes:
    return bytes([0, 0, 0, SETTINGS, flags, 0, 0, 0, 0])


class IdleConnection:
    """One connection; ready when the peer has sent its SETTINGS and acknowledged ours."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.socket.sendall(PREFACE + settings_frame(0))
        self.socket.setblocking(False)
        self.received = b""
        self.has_settings = False
        self.is_acknowledged = False

    @property
    def is_ready(self) -> bool:
        return self.has_settings and self.is_acknowledged

    def read(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise BenchError("The proxy closed an idle connection.")
        self.received += data
        while len(self.received) >= 9:
            end = 9 + int.from_bytes(self.received[:3], "big")
            if len(self.received) < end:
                return
            kind, flags = self.received[3], self.received[4]
            self.received = self.received[end:]
            if kind == SETTINGS and flags & ACK:
                self.is_acknowledged = True
            elif kind == SETTINGS:
                self.has_settings = True
                self.socket.send(settings_frame(ACK))


def open_idle(port: int, count: int) -> list[socket.socket]:
    """Opens `count` connections and returns when every one has completed its SETTINGS."""
    selector = selectors.DefaultSelector()
    sockets = []
    waiting = 0
    deadline = time.monotonic() + 30
    try:
        for _ in range(count):
            connection = IdleConnection(port)
            sockets.append(connection.socket)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            waiting += 1
        while waiting:
            if time.monotonic() > deadline:
                raise BenchError(f"{waiting} of {count} idle connections got no SETTINGS.")
            for key, _ in selector.select(1):
                connection = key.data
                connection.read()
                if connection.is_ready:
                    selector.unregister(connection.socket)
                    waiting -= 1
    except BaseException:
        close_all(sockets)
        raise
    finally:
        selector.close()
    return sockets


def close_all(sockets: list[socket.socket]) -> None:
    for each in sockets:
        each.close()
