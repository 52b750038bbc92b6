"""A child process on chosen cores, with its output in a file, ended with its whole group."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from .machine import wait_until


class Process:
    """Starts in its own process group; `stop` ends the group, by force after five seconds."""

    def __init__(self, name: str, command: list[str], cores: set[int], folder: Path):
        self.name = name
        self.log = folder / f"{name}.log"
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, cores),
            )

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def is_running(self) -> bool:
        return self.child.poll() is None

    def output(self) -> str:
        """The last lines of what it wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def wait_for_port(self, port: int) -> None:
        """Returns when something listens on the port, raises if the process ends before."""
        wait_until(
            lambda: not self.is_running or is_listening(port),
            15,
            lambda: f"{self.name} does not listen on port {port}:\n{self.output()}",
        )
        if not self.is_running:
            wait_until(lambda: False, 0, lambda: f"{self.name} ended at once:\n{self.output()}")

    def stop(self) -> None:
        self.signal_group(signal.SIGTERM)
        try:
            self.child.wait(5)
        except subprocess.TimeoutExpired:
            pass
        self.signal_group(signal.SIGKILL)
        self.child.wait()

    def signal_group(self, number: int) -> None:
        try:
            os.killpg(self.child.pid, number)
        except ProcessLookupError:
            pass


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def free_ports(count: int) -> list[int]:
    """Distinct loopback ports that nothing listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
