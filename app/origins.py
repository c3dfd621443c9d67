"""The origins that may speak with the server: its own pages, and those named in the settings.

A page of another site can make a visitor's browser connect to a server on the visitor's own
machine; `Origin` tells. It can also give its own name the address 127.0.0.1 (DNS rebinding);
`Host` tells.
"""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


def is_served(
    host: str | None, listening: str, origins: Iterable[str], hosts: Iterable[str] = ()
) -> bool:
    """Return whether a request for `host` is meant for this server.

    Args:
        host: the `Host` header.
        listening: the address the server listens on. On a loopback address it answers to loopback
            names only, and to the hosts of `origins`; elsewhere to every name.
        origins: more origins that are allowed.
        hosts: names to answer to; with any, and wherever the server listens, there are no others
            but loopback names and the hosts of `origins`.
    """
    name = _place(f"//{host}")[0] if host else None
    named = {host.strip("[]") for host in hosts}
    if (not named and not is_loopback(listening)) or (name and is_loopback(name)):
        return True
    return name in named | {_place(origin)[0] for origin in origins}


def is_allowed(origin: str | None, host: str | None, origins: Iterable[str]) -> bool:
    """Return whether a page of `origin` may open the live channel at `host`, or ask it for work.

    Programs that are no browsers send no origin and may.
    """
    if origin is None or origin.lower().rstrip("/") in origins:
        return True
    standard = PORTS.get(origin.partition("://")[0].lower())
    if standard is None or not host:
        return False
    there, here = _place(origin), _place(f"//{host}")
    return bool(there[0]) and (there[0], there[1] or standard) == (here[0], here[1] or standard)


def is_loopback(name: str) -> bool:
    """Return whether a host name or address never leaves the machine."""
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name.lower() == "localhost" or name.lower().endswith(".localhost")


def _place(address: str) -> tuple[str | None, int | None]:
    """Host and port of an address; (None, None) if it is none."""
    try:
        parts = urlsplit(address)
        return parts.hostname, parts.port
    except ValueError:
        return None, None
