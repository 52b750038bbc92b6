"""What one test runs: its backends, its proxy, and the certainty that all of it ends."""

import contextlib
import sys

from harness.fairlead import Fairlead
from harness.grpc_backend import GRPCBackend
from harness.manifests import Folder, pod, service
from harness.peers import start_front
from harness.scripted_backend import ScriptedBackend


class Lab:
    """Starts parts and stops them in the reverse order."""

    def __init__(self, folder):
        self.folder = folder
        self._stack = contextlib.ExitStack()
        self._count = 0
        self._children = []

    def path(self, name):
        return str(self.folder / name)

    def child(self, child):
        """Takes care that a child process ends, and shows its output when the test has failed."""
        self._children.append(child)
        self._stack.callback(child.kill)
        return child

    def on_close(self, callback):
        """Calls it when the test is over."""
        self._stack.callback(callback)

    def _log(self, name):
        self._count += 1
        return self.path(f"{self._count}-{name}.log")

    def grpc_backend(self, name="pod-1", **options):
        """A grpcio server in a process of its own."""
        backend = GRPCBackend(name, self._log(name), **options)
        self.child(backend.child)
        backend.wait_until_serving()
        return backend

    def scripted_backend(self, script, **options):
        """An HTTP/2 server in this process that does what the script says."""
        backend = ScriptedBackend(script, **options)
        self._stack.callback(backend.stop)
        return backend

    def manifests(self, name="config"):
        return Folder(self.path(name))

    def fairlead(self, *folders, **options):
        """The proxy under test with the given configuration folders, ready."""
        proxy = Fairlead([folder.path for folder in folders], self._log("fairlead"), **options)
        self.child(proxy.child)
        proxy.wait_until_ready()
        return proxy

    def front(self, *backend_ports, **options):
        """A proxy in front of one service with these backends, on one port for every authority.
        Which proxy it is comes from the environment, see `harness.peers`."""
        folder = self.manifests("front")
        pods = [pod("echo", f"echo-{port}", port) for port in backend_ports]
        folder.write("echo.yaml", service("echo"), *pods)
        front = start_front(folder, backend_ports, self._log("front"), **options)
        if front.child:
            self.child(front.child)
        front.wait_until_ready()
        return front

    def close(self):
        died = [c for c in self._children if c.name == "fairlead" and c.process.poll() is not None]
        crashed = [c for c in died if c.process.returncode < 0]
        for child in self._children:
            text = child.log()
            if text:
                print(f"--- {child.name} ({child.log_path})\n{text[-4000:]}", file=sys.stderr)
        self._stack.close()
        assert not crashed, f"the proxy was ended by signal {-crashed[0].process.returncode}"
