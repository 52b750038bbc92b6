"""A name for the system's own resolver, `getaddrinfo`, without touching the machine: nss_wrapper."""

import glob

LIBRARY = next(iter(glob.glob("/usr/lib/*/libnss_wrapper.so")), None)


def hosts_environment(path, name, addresses):
    """The variables with which a process finds the addresses under the name."""
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"{address} {name}\n" for address in addresses)
    return {"LD_PRELOAD": LIBRARY, "NSS_WRAPPER_HOSTS": str(path)}
