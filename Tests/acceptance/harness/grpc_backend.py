"""Starts `grpc_server.py` and asks it what it has seen."""

import json
import pathlib
import sys

import grpc

from harness.processes import HOST, Child, eventually, free_port

PROGRAM = pathlib.Path(__file__).with_name("grpc_server.py")


class GRPCBackend:
    """A pod: a grpcio server in its own process."""

    def __init__(
        self, name, log_path, max_streams=None, port=None, host=HOST, max_connection_age_ms=None
    ):
        self.name = name
        self.host = host
        self.port = port or free_port()
        command = [sys.executable, PROGRAM, self.port, name, "--host", host]
        if max_streams:
            command += ["--max-streams", max_streams]
        if max_connection_age_ms:
            command += ["--max-connection-age-ms", max_connection_age_ms]
        self.child = Child(name, command, log_path)
        self._channel = None

    def wait_until_serving(self):
        self.child.wait_until(lambda: "serving" in self.child.log(), within=15, what="it serves")

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def _control(self, method):
        if self._channel is None:
            self._channel = grpc.insecure_channel(
                self.address, options=[("grpc.use_local_subchannel_pool", 1)]
            )
        return self._channel.unary_unary(f"/acceptance.Control/{method}")(b"", timeout=10)

    def calls(self, *methods):
        """How many calls it has served, of these methods or of all that count."""
        counts = json.loads(self._control("Events"))["calls"]
        return sum(n for method, n in counts.items() if not methods or method in methods)

    def events(self, kind):
        """What it has noted of one kind, oldest first."""
        noted = json.loads(self._control("Events"))["events"]
        return [event for event in noted if event["kind"] == kind]

    def wait_for_event(self, kind, within=5, **details):
        """The first event of a kind with these details."""

        def found():
            matching = [e for e in self.events(kind) if details.items() <= e.items()]
            return matching[0] if matching else None

        return eventually(found, within, f"{self.name} notes '{kind}' {details}", every=0.05)

    def release(self):
        """Lets its `Watch` calls finish."""
        self._control("Release")
