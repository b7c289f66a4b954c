"""What every call over the network rests on: whom this computer trusts, and which addresses are safe to call."""

from __future__ import annotations

import ipaddress
import ssl
from functools import cache
from urllib.parse import urlsplit

import truststore


@cache
def tls() -> ssl.SSLContext:
    """The certificates that this computer trusts, read once."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def is_safe(url: str) -> bool:
    """Whether an address is HTTPS, or plain HTTP that does not leave this computer."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_here(str(host))))


def is_here(host: str) -> bool:
    """Whether a host is this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
