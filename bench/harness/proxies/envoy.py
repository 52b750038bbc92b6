"""Envoy with one worker: its default statistics, no access log, a static cluster."""

from .base import Proxy

CONFIGURATION = """\
admin:
  address: {{ socket_address: {{ address: 127.0.0.1, port_value: {admin} }} }}
static_resources:
  listeners:
    - name: bench
      address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.\
http_connection_manager.v3.HttpConnectionManager
                stat_prefix: bench
                codec_type: HTTP2
                route_config:
                  virtual_hosts:
                    - name: bench
                      domains: ["*"]
                      routes:
                        - match: {{ prefix: / }}
                          route: {{ cluster: bench, timeout: 0s }}
                http_filters:
                  - name: envoy.filters.http.router
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
  clusters:
    - name: bench
      type: STATIC
      connect_timeout: 5s
      lb_policy: ROUND_ROBIN
      typed_extension_protocol_options:
        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
          "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
          explicit_http_config: {{ http2_protocol_options: {{}} }}
      load_assignment:
        cluster_name: bench
        endpoints:
          - lb_endpoints:
{endpoints}
"""

ENDPOINT = (
    "              - endpoint: {{ address: {{ socket_address: "
    "{{ address: 127.0.0.1, port_value: {port} }} }} }}"
)


class Envoy(Proxy):
    name = "envoy"

    def command(self, ports: list[int]) -> list[str]:
        endpoints = "\n".join(ENDPOINT.format(port=port) for port in ports)
        text = CONFIGURATION.format(admin=self.admin_port, port=self.port, endpoints=endpoints)
        path = self.write("envoy.yaml", text)
        command = [self.program, "-c", str(path), "--concurrency", "1"]
        return command + ["--disable-hot-restart", "--log-level", "warning"]

    def wait_until_ready(self) -> None:
        self.wait_for_admin()
