"""A TCP server on threads of the test: says its name if told to, echoes, and answers the end."""

import contextlib
import socket
import threading

from harness.processes import HOST


class TCPBackend:
    """Echoes what comes. When the client closes its half, it sends `END NAME` and closes."""

    def __init__(self, name, greets=False):
        self.name = name
        self.greets = greets
        self.accepted = 0
        self.open = set()
        self.pour = None  # octets to send before anything is read
        self.ending = b"END " + name.encode()
        self._listener = socket.create_server((HOST, 0), backlog=1024)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connected in list(self.open):
            with contextlib.suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                connected, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            self.open.add(connected)
            threading.Thread(target=self._serve, args=(connected,), daemon=True).start()

    def _serve(self, connected):
        with contextlib.suppress(OSError):
            if self.greets:
                connected.sendall(self.name.encode() + b"\n")
            if self.pour is not None:
                connected.sendall(self.pour)
            while octets := connected.recv(1 << 18):
                connected.sendall(octets)
            connected.sendall(self.ending)
        self.open.discard(connected)
        connected.close()
