"""Child processes that never outlive a test, free ports, and waiting with a deadline."""

import os
import random
import signal
import socket
import subprocess
import time

HOST = "127.0.0.1"


def _ports_to_hand_out():
    """Ports in random order, each once; those from which the kernel takes outgoing ones last."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as limits:
        first, last = map(int, limits.read().split())
    ports = list(range(10000, 65000))
    random.shuffle(ports)
    # Where the kernel takes nearly all, they come last.
    ports.sort(key=lambda port: first <= port <= last)
    return iter(ports)


_PORTS = _ports_to_hand_out()


def free_port():
    """A TCP port that nobody listens on. It is handed out once, so there is time to bind it."""
    for port in _PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port is left")


def eventually(condition, within=5.0, what="the condition", every=0.01):
    """The first true value of `condition`; fails when there is none before the deadline."""
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {within} s")
        time.sleep(every)


def accepts_connections(port):
    """Whether somebody listens on the port."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
        return True
    except OSError:
        return False


class Child:
    """A process in its own process group, with its output in a file."""

    def __init__(self, name, command, log_path, env=None):
        self.name = name
        self.log_path = log_path
        with open(log_path, "wb") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, **(env or {})},
            )

    @property
    def pid(self):
        return self.process.pid

    @property
    def running(self):
        return self.process.poll() is None

    def log(self):
        """Everything it has printed so far."""
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_until(self, condition, within, what):
        """Waits for `condition`, and fails at once when the process ends before."""

        def check():
            assert self.running, (
                f"{self.name} ended with {self.process.returncode}:\n{self.log()[-3000:]}"
            )
            return condition()

        return eventually(check, within, f"{self.name}: {what}")

    def terminate(self):
        """Sends SIGTERM and does not wait."""
        self.process.send_signal(signal.SIGTERM)

    def wait(self, within):
        """The exit status; fails when the process still runs at the deadline."""
        return self.process.wait(timeout=within)

    def kill(self):
        """Ends the whole process group at once."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(timeout=10)

    def resident_bytes(self):
        """Resident memory now."""
        return self._status_field("VmRSS")

    def peak_resident_bytes(self):
        """The most resident memory since the start."""
        return self._status_field("VmHWM")

    def _status_field(self, field):
        return sum(_status_field(pid, field) for pid in _with_descendants(self.pid))


def _with_descendants(pid):
    """The process and what it has forked: some proxies serve from a child."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return [pid] + [
            each for child in children.read().split() for each in _with_descendants(child)
        ]


def _status_field(pid, field):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {field} of process {pid}")
