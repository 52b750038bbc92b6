"""nghttpx with one worker: the reference proxy of nghttp2, the library that Fairlead stands on."""

from .base import Proxy


class Nghttpx(Proxy):
    name = "nghttpx"

    def command(self, ports: list[int]) -> list[str]:
        # An empty configuration file keeps a system-wide one from being read.
        command = [self.program, f"--conf={self.write('nghttpx.conf', '')}", "--workers=1"]
        command += [f"--frontend=127.0.0.1,{self.port};no-tls"]
        command += [f"--backend=127.0.0.1,{port};;proto=h2" for port in ports]
        return command + ["--errorlog-file=/dev/stderr", "--log-level=ERROR"]
