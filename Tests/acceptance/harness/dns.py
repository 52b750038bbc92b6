"""A real DNS server, dnsmasq, with one name."""

import os
import shutil
import signal

from harness.processes import HOST, Child, eventually, free_port

PROGRAM = shutil.which("dnsmasq") or "/usr/sbin/dnsmasq"


class DNS:
    """Serves `greeter.test` on loopback; it can be stopped, and started anew with other addresses."""

    def __init__(self, lab, addresses, ttl=1):
        self.port = free_port()
        self._lab = lab
        self._ttl = ttl
        self._hosts = lab.path("hosts")
        self._child = None
        self.start(addresses)

    def start(self, addresses):
        """The addresses of the name from now on."""
        self._write(addresses)
        command = [PROGRAM, "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv"]
        command += ["--no-hosts", f"--addn-hosts={self._hosts}", f"--local-ttl={self._ttl}"]
        command += [f"--port={self.port}", f"--listen-address={HOST}", "--bind-interfaces"]
        command += ["--local=/test/", "--user=", "--group=", "--pid-file="]
        self._child = self._lab.child(Child("dnsmasq", command, self._lab.path("dnsmasq.log")))
        self._child.wait_until(self._is_bound, 5, "it listens")

    def _write(self, addresses):
        with open(self._hosts + ".new", "w", encoding="ascii") as file:
            file.writelines(f"{address} greeter.test\n" for address in addresses)
        os.chmod(self._hosts + ".new", 0o644)
        os.replace(self._hosts + ".new", self._hosts)

    def _is_bound(self):
        with open("/proc/net/udp", encoding="ascii") as sockets:
            return any(f":{self.port:04X} " in line for line in sockets)

    def stop(self):
        self._child.kill()
        eventually(lambda: not self._is_bound(), 5, "its port is free")

    def tell(self, addresses):
        """Other addresses from now on, while it goes on to answer."""
        self._write(addresses)
        self._child.process.send_signal(signal.SIGHUP)

    def change(self, addresses):
        self.stop()
        self.start(addresses)

    def target(self, port):
        """What a user writes to get the name from this server."""
        return f"dns://{HOST}:{self.port}/greeter.test:{port}"
