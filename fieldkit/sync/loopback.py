"""Where the browser comes back to after a sign-in: a port of this computer that hears one answer (RFC 8252, 7.3).

Several connections may be open at once, for browsers open some that they never use; nothing here blocks but `answer`.
"""

from __future__ import annotations

import asyncio
import hmac
import html
import socket
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

from fieldkit.errors import KnownError
from fieldkit.i18n import _, language

SECONDS: Final = 300.0
"""How long a person has at the browser."""
PATH: Final = "/retour"
_HEARTBEAT_S: Final = 0.2
_PAGE_S: Final = 5.0
_MOST_BYTES: Final = 16_384
_PAGE: Final = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Fieldkit</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><style>:root {{ color-scheme: light dark }}'
    "body {{ font: 1.25rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem }}</style>"
    "</head><body><h1>{title}</h1><p>{text}</p></body></html>"
)


class Loopback:
    """An address of this computer that listens from now on. Use as a context manager."""

    def __init__(self, port: int = 0) -> None:
        """On `port`, or on any free one. Raises KnownError `sign-in-port`."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._socket.bind(("127.0.0.1", port))
            self._socket.listen()
        except OSError as error:
            self._socket.close()
            raise KnownError(
                "sign-in-port",
                _("Le retour du navigateur ne peut pas être attendu : le port {port} est déjà pris.").format(
                    port=port
                ),
                _(
                    "Fermez l'autre application qui l'utilise, ou l'autre fenêtre de Fieldkit, puis recommencez."
                ),
            ) from error
        self.redirect = f"http://127.0.0.1:{self._socket.getsockname()[1]}{PATH}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._socket.close()

    def answer(
        self,
        state: str,
        issuer: str,
        *,
        names_issuer: bool,
        cancelled: Callable[[], bool],
        seconds: float = SECONDS,
    ) -> str:
        """The code that the browser brings, whose answer must bear `state`, and name `issuer` if it names one.

        Raises KnownError `sign-in-cancelled`, `sign-in-timeout`, `sign-in-state`, `sign-in-denied`, `sign-in-fault`.
        """
        return asyncio.run(self._wait(_Question(state, issuer, names_issuer), cancelled, seconds))

    async def _wait(self, question: _Question, cancelled: Callable[[], bool], seconds: float) -> str:
        told: asyncio.Future[str | KnownError] = asyncio.get_running_loop().create_future()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            outcome: str | KnownError | None = None
            try:
                async with asyncio.timeout(seconds):
                    target = _target(await reader.readuntil(b"\r\n\r\n"))
                outcome = _outcome(target, question)
                writer.write(_reply(outcome))
                async with asyncio.timeout(_PAGE_S):
                    await writer.drain()
            except (OSError, EOFError, asyncio.LimitOverrunError, TimeoutError):
                pass  # not a browser, or one that has gone
            finally:
                writer.close()
            if outcome is not None and not told.done():
                told.set_result(outcome)

        deadline = time.monotonic() + seconds
        async with await asyncio.start_server(serve, sock=self._socket, limit=_MOST_BYTES):
            while not told.done():
                if cancelled():
                    raise KnownError(
                        "sign-in-cancelled", _("La connexion est abandonnée."), _("Rien n'a changé.")
                    )
                if time.monotonic() >= deadline:
                    raise KnownError(
                        "sign-in-timeout",
                        _("Le navigateur n'est pas revenu à temps."),
                        _("Recommencez, et identifiez-vous dans les cinq minutes."),
                    )
                await asyncio.wait([told], timeout=_HEARTBEAT_S)
        answer = told.result()
        if isinstance(answer, KnownError):
            raise answer
        return answer


class _Question:
    """What was asked of the provider, and how its answer is judged."""

    def __init__(self, state: str, issuer: str, names_issuer: bool) -> None:
        self._state, self._issuer, self._names_issuer = state, issuer, names_issuer

    def code(self, told: Mapping[str, str]) -> str:
        """The code in an answer. Raises KnownError."""
        same = hmac.compare_digest(told.get("state", "").encode(), self._state.encode())
        named = told.get("iss", "" if self._names_issuer else self._issuer) == self._issuer
        if not (same and named):
            raise KnownError(
                "sign-in-state",
                _("La réponse du navigateur n'est pas celle de cette connexion : elle est écartée."),
                _("Fermez les anciens onglets de connexion, puis recommencez."),
            )
        if told.get("error") == "access_denied":
            raise KnownError(
                "sign-in-denied",
                _("La connexion a été refusée dans le navigateur."),
                _(
                    "Recommencez et acceptez, ou demandez vos accès à votre support. Vos saisies restent sur ce poste."
                ),
            )
        if "error" in told or not told.get("code"):
            raise KnownError(
                "sign-in-fault",
                _("Le service de connexion n'a pas pu vous identifier."),
                _("Recommencez plus tard. Si cela dure, prévenez la personne qui tient le registre."),
            )
        return told["code"]


def _target(head: bytes) -> str:
    """The target of a GET; empty for any other request."""
    method, _space, rest = head.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")
    return rest.partition(" ")[0] if method == "GET" else ""


def _outcome(target: str, question: _Question) -> str | KnownError | None:
    """What a request brings: a code, a refusal, or nothing where it asks for something else."""
    try:
        parts = urlsplit(target)
        return question.code(dict(parse_qsl(parts.query))) if parts.path == PATH else None
    except KnownError as error:
        return error
    except ValueError:
        return None


def _reply(outcome: str | KnownError | None) -> bytes:
    if outcome is None:
        return _page(HTTPStatus.NOT_FOUND, _("Il n'y a rien ici"), _("Revenez à Fieldkit."))
    if isinstance(outcome, KnownError):
        return _page(HTTPStatus.BAD_REQUEST, outcome.message, outcome.hint)
    return _page(HTTPStatus.OK, _("Vous êtes identifié"), _("Fermez cet onglet et revenez à Fieldkit."))


def _page(status: HTTPStatus, title: str, text: str) -> bytes:
    body = _PAGE.format(language=language(), title=html.escape(title), text=html.escape(text)).encode()
    head = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Connection: close",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
