"""What is measured: how many connections and streams, which messages."""

from dataclasses import dataclass

from .backends import LARGE, SMALL, Backends
from .load import Load


@dataclass(frozen=True)
class Scenario:
    """A name for the command line and a way of calling, or idle connections instead of calls."""

    name: str
    title: str
    connections: int
    streams: int = 0
    sends_large: bool = False
    receives_large: bool = False

    @property
    def is_idle(self) -> bool:
        return self.streams == 0

    @property
    def is_bulk(self) -> bool:
        return self.sends_large or self.receives_large

    def load(self, backends: Backends) -> Load:
        return Load(
            connections=self.connections,
            streams=self.streams,
            path=LARGE if self.receives_large else SMALL,
            body=backends.large_body if self.sends_large else backends.small_body,
        )


ALL = [
    Scenario("10x10", "10 connections × 10 streams", 10, 10),
    Scenario("1x100", "1 connection × 100 streams", 1, 100),
    Scenario("50x1", "50 connections × 1 stream", 50, 1),
    Scenario("1x1", "1 connection × 1 stream", 1, 1),
    Scenario("down", "1 MiB responses, 4 × 2", 4, 2, receives_large=True),
    Scenario("up", "1 MiB requests, 4 × 2", 4, 2, sends_large=True),
    Scenario("idle", "1,000 idle connections", 1000),
]
