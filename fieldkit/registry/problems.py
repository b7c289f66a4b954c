"""A request that the registry does not serve, as RFC 9457 wants it told."""

from __future__ import annotations

from fieldkit.sync.protocol import Problem


class ProtocolError(Exception):
    """Ends the request with a problem: its short `code`, the HTTP status, and what the client needs to go on."""

    def __init__(self, code: str, status: int, *, expected: int = 0, wait: int = 0) -> None:
        super().__init__(code)
        self.problem = Problem.of(code, status=status, expected=expected)
        self.wait = wait
        """After how many seconds the same request may be served; 0 where waiting does not help."""
