"""The proxies under test: for each, how it is configured, started and known to be ready."""

from .base import Proxy
from .envoy import Envoy
from .fairlead import Fairlead
from .haproxy import HAProxy
from .nghttpx import Nghttpx
from .nginx import Nginx

ALL: list[type[Proxy]] = [Fairlead, Envoy, HAProxy, Nginx, Nghttpx]

__all__ = ["ALL", "Proxy", "Envoy", "Fairlead", "HAProxy", "Nginx", "Nghttpx"]
