"""A proxy in front of one service. Fairlead by default; `ACCEPTANCE_PROXY` names another one, to find
out whether it is a test that is wrong: `direct` (no proxy), `envoy` or `nghttpx`. (Envoy adds header
fields of its own to every response, which the fidelity suite rightly reports.)"""

import os

from harness.fairlead import Fairlead
from harness.processes import HOST, Child, accepts_connections, free_port

KIND = os.environ.get("ACCEPTANCE_PROXY", "fairlead")


class Front:
    """One listening port and the process behind it."""

    def __init__(self, port, child, ready):
        self.port = port
        self.child = child
        self._ready = ready

    @property
    def address(self):
        return f"{HOST}:{self.port}"

    def wait_until_ready(self):
        if self.child:
            self.child.wait_until(self._ready, within=10, what="it listens")


def start_front(folder, backend_ports, log_path, **options):
    """Starts the chosen proxy; `folder` holds the same backends as service `echo`, port 8080."""
    if KIND == "fairlead":
        proxy = Fairlead([folder.path], log_path, bind=[("echo", 8080)], **options)
        return Front(proxy.bound["echo", 8080], proxy.child, proxy.is_ready)
    if KIND == "direct":
        return Front(backend_ports[0], None, None)
    port = free_port()
    command = {"envoy": _envoy, "nghttpx": _nghttpx}[KIND](port, backend_ports, folder)
    child = Child(KIND, command, log_path)
    return Front(port, child, lambda: accepts_connections(port))


def _nghttpx(port, backend_ports, _folder):
    backends = [f"--backend={HOST},{backend};;proto=h2" for backend in backend_ports]
    return [
        "nghttpx", f"--frontend={HOST},{port};no-tls", *backends, "--workers=1", "--conf=/dev/null",
        "--no-server-rewrite", "--no-via", "--no-location-rewrite", "--no-add-x-forwarded-proto",
    ]  # fmt: skip


def _envoy(port, backend_ports, folder):
    endpoints = "".join(
        "\n        - endpoint: {address: {socket_address: {address: %s, port_value: %d}}}"
        % (HOST, p)
        for p in backend_ports
    )
    text = f"""\
static_resources:
  listeners:
  - address: {{socket_address: {{address: {HOST}, port_value: {port}}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: front
          codec_type: HTTP2
          stream_idle_timeout: 0s
          generate_request_id: false
          http2_protocol_options: {{initial_stream_window_size: 65536, initial_connection_window_size: 65536, allow_connect: true}}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router, suppress_envoy_headers: true}}
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes: [{{match: {{prefix: "/"}}, route: {{cluster: echo, timeout: 0s}}}}]
  clusters:
  - name: echo
    connect_timeout: 1s
    lb_policy: ROUND_ROBIN
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: {{http2_protocol_options: {{initial_stream_window_size: 65536, initial_connection_window_size: 65536}}}}
    load_assignment:
      cluster_name: echo
      endpoints:
      - lb_endpoints:{endpoints}
"""
    path = os.path.join(folder.path, "..", "envoy.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return ["envoy", "-c", path, "--concurrency", "1", "--disable-hot-restart", "-l", "warning"]


def nghttpd(folder, body):
    """nghttp2's own server with one page: its port and its process."""
    os.makedirs(folder)
    with open(os.path.join(folder, "index.html"), "wb") as page:
        page.write(body)
    port = free_port()
    command = ["nghttpd", "--no-tls", "--address", HOST, "--htdocs", folder, port]
    return port, Child("nghttpd", command, folder + ".log")
