"""Text of a symbol that declares its encodings: Extended Channel Interpretation, in the AIM transmission protocol.

A reader that transmits ECIs sends `]` and two characters for the symbology, then the data, where `\\nnnnnn`
announces the encoding of what follows and `\\\\` stands for a backslash (AIM ITS/04-023; ISO/IEC 15424).
"""

from __future__ import annotations

import re
from typing import Final

_IDENTIFIER: Final = 3
_MARK: Final = re.compile(rb"\\(?:(\d{6})|\\)")

# AIM ITS/04-023. The interpretations above 899 are not encodings, and 899 says "bytes".
_ENCODINGS: Final = {
    0: "cp437", 1: "iso8859-1", 2: "cp437", 3: "iso8859-1", 4: "iso8859-2", 5: "iso8859-3", 6: "iso8859-4",
    7: "iso8859-5", 8: "iso8859-6", 9: "iso8859-7", 10: "iso8859-8", 11: "iso8859-9", 12: "iso8859-10",
    13: "iso8859-11", 15: "iso8859-13", 16: "iso8859-14", 17: "iso8859-15", 18: "iso8859-16",
    20: "shift_jis", 21: "cp1250", 22: "cp1251", 23: "cp1252", 24: "cp1256", 25: "utf-16-be", 26: "utf-8",
    27: "ascii", 28: "big5", 29: "gb2312", 30: "euc_kr", 31: "gbk", 32: "gb18030", 33: "utf-16-le",
    34: "utf-32-be", 35: "utf-32-le", 170: "ascii",
}  # fmt: skip


def declared_text(transmitted: bytes) -> str | None:
    """The text of a transmission; None where it declares no encoding, or one that is unknown or does not fit."""
    pieces = _pieces(transmitted[_IDENTIFIER:])
    if len(pieces) == 1 or pieces[0][1]:  # nothing is declared, or not for the beginning
        return None
    text = ""
    for eci, data in pieces[1:]:
        encoding = _ENCODINGS.get(eci)
        if encoding is None:
            return None
        try:
            text += data.decode(encoding)
        except UnicodeDecodeError:
            return None
    return text


def _pieces(data: bytes) -> list[tuple[int, bytes]]:
    """(encoding, bytes) one after the other; the first is what stands before any declaration, encoding -1."""
    pieces: list[tuple[int, bytes]] = [(-1, b"")]
    end = 0
    for mark in _MARK.finditer(data):
        eci, so_far = pieces[-1]
        before = so_far + data[end : mark.start()]
        pieces[-1] = (eci, before + b"\\" if mark[1] is None else before)
        if mark[1] is not None:
            pieces.append((int(mark[1]), b""))
        end = mark.end()
    eci, so_far = pieces[-1]
    pieces[-1] = (eci, so_far + data[end:])
    return pieces
