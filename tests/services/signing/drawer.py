"""A keyring in memory."""

from __future__ import annotations

import keyring
import keyring.errors

BRUNO = {"sub": "0190-bruno", "name": "Bruno Le Goff"}
DAY = 86_400.0


class Drawer:
    """A keyring in memory, that works as the system's would; Windows keeps no more than 1,280 characters."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.closed = False

    def get_password(self, _service: str, name: str) -> str | None:
        self._open()
        return self.kept.get(name)

    def set_password(self, _service: str, name: str, password: str) -> None:
        self._open()
        assert len(password) <= 1_280
        self.kept[name] = password

    def delete_password(self, _service: str, name: str) -> None:
        self._open()
        del self.kept[name]

    def _open(self) -> None:
        if self.closed:
            raise keyring.errors.NoKeyringError
