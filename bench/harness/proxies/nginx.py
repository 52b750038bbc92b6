"""nginx with one worker process: grpc_pass over kept-alive connections, no access log."""

from .base import Proxy

# Every limit that would close a connection or refuse a call in the middle of a run is raised;
# nginx sends one call at a time over each upstream connection, so it may keep many of them.
CONFIGURATION = """\
daemon off;
worker_processes 1;
worker_rlimit_nofile 8192;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_max_body_size 0;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  http2_max_concurrent_streams 1000;
  upstream bench {{
{servers}
    keepalive 256;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
  }}
  server {{
    listen 127.0.0.1:{port} http2 backlog=2048;
    location / {{
      grpc_pass grpc://bench;
    }}
  }}
}}
"""


class Nginx(Proxy):
    name = "nginx"

    def command(self, ports: list[int]) -> list[str]:
        servers = "\n".join(f"    server 127.0.0.1:{port};" for port in ports)
        text = CONFIGURATION.format(folder=self.folder, port=self.port, servers=servers)
        path = self.write("nginx.conf", text)
        return [self.program, "-p", str(self.folder), "-e", "stderr", "-c", str(path)]
