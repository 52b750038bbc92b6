"""Kubernetes and Istio objects as YAML text, and the folder that holds them."""

import os

from harness.processes import HOST


class Folder:
    """A folder of YAML files, each replaced whole so that a reader never sees half of one."""

    def __init__(self, path):
        self.path = path
        os.makedirs(path, exist_ok=True)

    def write(self, name, *objects):
        """Writes one file that holds the given objects."""
        target = os.path.join(self.path, name)
        scratch = os.path.join(self.path, f".{name}.new")
        with open(scratch, "w", encoding="utf-8") as file:
            file.write("---\n".join(objects))
        os.replace(scratch, target)

    def remove(self, name):
        os.remove(os.path.join(self.path, name))


def service(name, port=8080, port_name="grpc-backend", annotations=None, app_protocol=None):
    """A Service whose pods carry the label `app: NAME`; its target port is a name, so that each pod
    can have a port of its own on one loopback address."""
    notes = "".join(f"\n    {key}: {value}" for key, value in (annotations or {}).items())
    notes = f"\n  annotations:{notes}" if notes else ""
    protocol = f"\n      appProtocol: {app_protocol}" if app_protocol else ""
    return f"""\
apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: default{notes}
spec:
  selector:
    app: {name}
  ports:
    - name: {port_name}
      port: {port}
      targetPort: serve{protocol}
"""


def pod(app, name, port, version="v1"):
    """A running, ready Pod on loopback."""
    return f"""\
apiVersion: v1
kind: Pod
metadata:
  name: {name}
  namespace: default
  labels:
    app: {app}
    version: {version}
spec:
  containers:
    - name: server
      image: server:1
      ports:
        - name: serve
          containerPort: {port}
status:
  phase: Running
  podIP: {HOST}
  conditions:
    - type: Ready
      status: "True"
"""


def destination_rule(name, subsets=(), policy="ROUND_ROBIN"):
    """A DestinationRule with a policy and with subsets by the label `version`."""
    listed = "".join(
        f"""
    - name: {subset}
      labels:
        version: {subset}"""
        for subset in subsets
    )
    subset_list = f"\n  subsets:{listed}" if listed else ""
    return f"""\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}
  namespace: default
spec:
  host: {name}
  trafficPolicy:
    loadBalancer:
      simple: {policy}{subset_list}
"""


def virtual_service(name, weights, port=8080):
    """A VirtualService that splits a port of a service over subsets; `weights` maps subset to weight."""
    routes = "".join(
        f"""
        - destination:
            host: {name}
            subset: {subset}
          weight: {weight}"""
        for subset, weight in weights.items()
    )
    return f"""\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {name}
  namespace: default
spec:
  hosts:
    - {name}
  http:
    - match:
        - port: {port}
      route:{routes}
"""


def service_entry(host, port, endpoints):
    """A ServiceEntry with fixed endpoints; each is (port, labels, weight)."""
    listed = "".join(
        f"""
    - address: {HOST}
      ports:
        grpc: {endpoint_port}
      labels:
        version: {version}
      weight: {weight}"""
        for endpoint_port, version, weight in endpoints
    )
    return f"""\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: {host.split(".")[0]}
  namespace: default
spec:
  hosts:
    - {host}
  ports:
    - number: {port}
      name: grpc
      protocol: GRPC
  resolution: STATIC
  endpoints:{listed}
"""
