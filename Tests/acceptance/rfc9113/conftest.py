"""One proxy for all conformance cases, in front of a backend that answers every request with 200.

Each case has a connection of its own and a deadline of two seconds for each thing that it waits for.
"""

import pytest

from harness.lab import Lab
from harness.peers import KIND, nghttpd
from harness.processes import accepts_connections
from harness.wire import Wire

BODY = b"an answer longer than five octets\n"


class Answering:
    """Answers a request when it has ended."""

    def on_end(self, request):
        fields = [(":status", "200"), ("content-type", "text/plain")]
        request.respond(fields, b"" if request.header(":method") == "HEAD" else BODY)


@pytest.fixture(scope="session")
def port(tmp_path_factory):
    """The port under test."""
    lab = Lab(tmp_path_factory.mktemp("rfc9113"))
    if KIND == "direct":
        own_port, child = nghttpd(lab.path("nghttpd"), BODY)
        lab.child(child).wait_until(lambda: accepts_connections(own_port), 5, "it listens")
        yield own_port
    else:
        front = lab.front(lab.scripted_backend(Answering()).port)
        yield front.port
        assert front.child.running, "the proxy has ended"
    lab.close()


@pytest.fixture
def bare(port):
    """A connection on which nothing has been sent."""
    with Wire.connect(port) as wire:
        yield wire


@pytest.fixture
def wire(port):
    """A connection after both prefaces and acknowledgements."""
    with Wire.client(port) as wire:
        yield wire
