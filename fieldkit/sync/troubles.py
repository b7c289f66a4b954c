"""Which trouble it is that an exchange with the registry ended with."""

from __future__ import annotations

import ssl
from http import HTTPStatus
from typing import Final

import httpx

from fieldkit.errors import KnownError
from fieldkit.sync.sentences import SENTENCES, known

__all__ = [
    "certificate_refusal",
    "known",
    "not_a_registry",
    "of_problem",
    "of_proxy",
    "of_stranger",
    "of_transport",
]

_NAMES: Final = {"busy": "registry-busy", "full": "registry-full"}
_OF_TIME: Final = (9, 10)
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and …_HAS_EXPIRED: the certificate, or the clock, is of another time."""


def of_transport(error: httpx.HTTPError) -> KnownError:
    """The trouble behind an exchange that failed before an answer came."""
    if isinstance(error, httpx.TimeoutException):
        return known("registry-timeout")
    if isinstance(error, httpx.DecodingError):
        return not_a_registry()
    if isinstance(error, httpx.ProxyError):
        return of_proxy(str(error).startswith(str(HTTPStatus.PROXY_AUTHENTICATION_REQUIRED.value)))
    refusal = certificate_refusal(error)
    if refusal is None:
        return known("registry-unreachable")
    return known("clock-wrong" if refusal.verify_code in _OF_TIME else "registry-certificate")


def of_proxy(asks: bool) -> KnownError:
    """The trouble of a proxy that does not let pass, for want of a password where it `asks` for one."""
    return known("proxy-sign-in" if asks else "proxy-refused")


def of_stranger(status: int, content_type: str) -> KnownError:
    """The trouble where something else than the registry answered: the network's own page, a proxy, a wrong host."""
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return of_proxy(asks=True)
    if status == HTTPStatus.INSUFFICIENT_STORAGE:
        return known("registry-full")
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return known("registry-busy")
    if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT):
        return known("registry-unreachable")
    portal = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST or (
        status in (HTTPStatus.OK, HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED) and "html" in content_type
    )
    return known("captive-portal") if portal else not_a_registry()


def of_problem(code: str) -> KnownError:
    """The trouble that the registry itself told, by the short name of the problem."""
    code = _NAMES.get(code, code)
    return known(code if code in SENTENCES else "registry-fault")


def not_a_registry() -> KnownError:
    """The trouble of an answer that no registry gives."""
    return known("not-a-registry")


def certificate_refusal(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """Why the other side could not prove who it is, where an exchange failed for that."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None
