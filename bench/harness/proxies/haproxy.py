"""HAProxy with one thread: HTTP/2 on both sides, upstream connections always reused."""

from .base import Proxy

CONFIGURATION = """\
global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend bench
  bind 127.0.0.1:{port} proto h2
  default_backend bench
backend bench
  balance roundrobin
{servers}
"""


class HAProxy(Proxy):
    name = "haproxy"

    def command(self, ports: list[int]) -> list[str]:
        servers = "\n".join(
            f"  server s{index} 127.0.0.1:{port} proto h2" for index, port in enumerate(ports)
        )
        text = CONFIGURATION.format(port=self.port, servers=servers)
        return [self.program, "-db", "-f", str(self.write("haproxy.cfg", text))]
