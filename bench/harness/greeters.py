"""Servers of grpc-swift, each a process that names itself in its replies: `fairlead greeter`."""

from pathlib import Path

from .machine import cpu_seconds
from .process import Process, free_ports


class Greeters:
    """One server for each delay, in milliseconds, that it holds its replies back; named pod-1, pod-2, …"""

    def __init__(self, program: str, delays: list[int], cores: set[int], folder: Path):
        ports = free_ports(len(delays))
        self.addresses = [f"127.0.0.1:{port}" for port in ports]
        self.processes: list[Process] = []
        try:
            for number, (address, delay) in enumerate(zip(self.addresses, delays), 1):
                command = [program, "greeter", "--address", address, "--name", f"pod-{number}"]
                if delay:
                    command += ["--delay", f"{delay}ms"]
                name = f"{len(delays)}-pod-{number}"
                self.processes.append(Process(name, command, cores, folder))
            for process, port in zip(self.processes, ports):
                process.wait_for_port(port)
        except BaseException:
            self.stop()
            raise

    def cpu_seconds(self) -> float:
        return sum(cpu_seconds(process.pid) for process in self.processes)

    def stop(self) -> None:
        for process in self.processes:
            process.stop()
