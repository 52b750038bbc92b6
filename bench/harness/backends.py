"""Three nghttpd processes that answer as gRPC servers do: DATA, then grpc-status in trailers."""

from pathlib import Path

from .process import Process, free_ports

# nghttpd derives the content type from the file's extension, so the methods have one.
SMALL = "/helloworld.Greeter/SayHello.grpc"
LARGE = "/helloworld.Greeter/SayMuch.grpc"
MEBIBYTE = 1 << 20


class Backends:
    """The servers behind every proxy, and the request bodies that go to them."""

    def __init__(self, folder: Path, cores: set[int]):
        root = folder / "root"
        service = root / "helloworld.Greeter"
        service.mkdir(parents=True)
        (root / SMALL[1:]).write_bytes(message(b"\x0a\x0bHello world"))
        (root / LARGE[1:]).write_bytes(message(bytes(MEBIBYTE)))
        self.small_body = folder / "small.body"
        self.small_body.write_bytes(message(b"\x0a\x05world"))
        self.large_body = folder / "large.body"
        self.large_body.write_bytes(message(bytes(MEBIBYTE)))
        types = folder / "mime.types"
        types.write_text("application/grpc grpc\n")

        self.ports = free_ports(3)
        self.processes = []
        for port in self.ports:
            command = ["nghttpd", "--address=127.0.0.1", "--no-tls", f"--htdocs={root}"]
            command += [f"--mime-types-file={types}", "--no-content-length"]
            command += ["--max-concurrent-streams=1000", "--trailer=grpc-status: 0", str(port)]
            self.processes.append(Process(f"backend-{port}", command, cores, folder))
        for port, process in zip(self.ports, self.processes):
            process.wait_for_port(port)

    def stop(self) -> None:
        for process in self.processes:
            process.stop()


def message(payload: bytes) -> bytes:
    """One uncompressed gRPC message: a zero byte, the length in four bytes, the payload."""
    return b"\0" + len(payload).to_bytes(4, "big") + payload
