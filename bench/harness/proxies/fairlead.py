"""Fairlead with one worker, a Service and three Pods in a folder of YAML."""

from .base import Proxy

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: bench
  namespace: default
spec:
  selector:
    app: bench
  ports:
    - name: grpc
      port: 80
      targetPort: grpc
"""

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: bench-{number}
  namespace: default
  labels:
    app: bench
spec:
  containers:
    - name: server
      image: bench
      ports:
        - name: grpc
          containerPort: {port}
status:
  phase: Running
  podIP: 127.0.0.1
  conditions:
    - type: Ready
      status: "True"
"""


class Fairlead(Proxy):
    name = "fairlead"

    def command(self, ports: list[int]) -> list[str]:
        manifests = self.folder / "manifests"
        manifests.mkdir(exist_ok=True)
        pods = [POD.format(number=index, port=port) for index, port in enumerate(ports)]
        (manifests / "bench.yaml").write_text("---\n".join([SERVICE, *pods]))
        command = [self.program, "proxy", "-f", str(manifests), "--workers", "1"]
        command += ["--bind", f"bench:80=127.0.0.1:{self.port}"]
        command += ["--listen", f"127.0.0.1:{self.spare_port}"]
        return command + ["--admin", f"127.0.0.1:{self.admin_port}"]

    def wait_until_ready(self) -> None:
        self.wait_for_admin()
