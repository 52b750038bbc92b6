"""What every proxy under test has in common."""

import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from ..backends import SMALL, Backends
from ..errors import BenchError
from ..load import HEADERS
from ..machine import wait_until
from ..process import Process, free_ports


class Proxy:
    """One proxy process with one worker thread, HTTP/2 without TLS on both sides."""

    name = ""

    def __init__(self, program: str, folder: Path, backends: Backends, cores: set[int]):
        self.program = program
        self.folder = folder / self.name
        self.folder.mkdir(exist_ok=True)
        self.port, self.admin_port, self.spare_port = free_ports(3)
        command = self.command(backends.ports)
        self.process = Process(self.name, command, cores, self.folder)
        try:
            self.process.wait_for_port(self.port)
            self.wait_until_ready()
            self.verify(backends)
        except BaseException:
            self.process.stop()
            raise

    @property
    def pid(self) -> int:
        return self.process.pid

    def command(self, ports: list[int]) -> list[str]:
        """Writes the configuration for backends on these ports and returns what to run."""
        raise NotImplementedError

    def wait_until_ready(self) -> None:
        """Returns when calls can be sent; a listening port is enough unless overridden."""

    def verify(self, backends: Backends) -> None:
        """One call has to come back whole, with its trailers."""
        command = ["nghttp", "-v", f"-d{backends.small_body}"]
        command += [f"-H{header}" for header in HEADERS]
        command += [f"http://127.0.0.1:{self.port}{SMALL}"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=20).stdout
        if ":status: 200" not in answer or "grpc-status: 0" not in answer:
            raise BenchError(
                f"{self.name} did not answer a call with status 200 and grpc-status 0:\n"
                + answer[-1500:]
                + self.process.output()
            )

    def stop(self) -> None:
        self.process.stop()

    def wait_for_admin(self) -> None:
        """Returns when GET /ready on the admin port answers 200."""
        wait_until(
            lambda: not self.process.is_running or answers(self.admin_port, "/ready"),
            15,
            lambda: f"{self.name} is not ready (GET /ready):\n{self.process.output()}",
        )

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path


def answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
