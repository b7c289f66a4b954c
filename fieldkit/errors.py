"""Faults that a user can act on. Anything else that is raised is a bug."""

from __future__ import annotations


class KnownError(Exception):
    """A fault with a way out, told in the user's language.

    `code` is stable and in English (`registry-unreachable`), for scripts and tests;
    `message` says what happened, `hint` what to do about it. Neither ever holds content
    that the user typed, nor a secret.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def as_dict(self) -> dict[str, str]:
        """The wire shape of `cli.md`: `{code, message, hint}`."""
        return {"code": self.code, "message": self.message, "hint": self.hint}
