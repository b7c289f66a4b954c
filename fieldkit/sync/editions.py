"""What the registry publishes, as both sides see it: names of files, what is said of them, whole or as a difference.

An edition is the content of one file: the catalogue, or the directory of one department. It goes out packed by
itself, and as a difference from each of the last ones, which fits that very edition and no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import zstandard

CATALOGUE: Final = "catalogue"
PLACE: Final = "/publications"
"""Where a registry serves them."""
METADATA: Final = "metadata"
TARGETS: Final = "targets"
ROOT: Final = "root.json"
"""In the metadata: the newest root, the one whose fingerprint is told."""
MOST_BYTES: Final = 512 << 20
"""The largest edition that is opened; the directory of Paris has some 60 MB, the catalogue 2."""

_WHOLE: Final = "whole.zst"
_WINDOW: Final = 30
"""How far back a difference may look, as a power of two: the largest edition and the one before it."""
_FINE: Final = 8 << 20
"""Bytes up to which packing takes its time: the catalogue and the edition before it."""
_FINEST: Final = 19
_DIFFERENCE: Final = 16
_QUICK: Final = 9
"""Levels of packing: of what is fine, of a difference, of a whole. Below 16 a difference comes out 30 times as large
(measured on 20 MB of the directory, which take 10 s)."""


class Edition(msgspec.Struct, frozen=True):
    """What is signed of an edition beside its bytes: what it is once opened, and its dates in ISO form."""

    number: int
    as_of: str
    published: str
    sha256: str
    size: int


class StoppedError(Exception):
    """Whoever asked for an update wants no more of it."""


class EditionDamagedError(Exception):
    """Bytes that do not open into the edition that was told."""


def directory(department: str) -> str:
    """The line of editions of the directory of one department."""
    return f"directory/{department}"


def whole(line: str) -> str:
    """The file of the newest edition of a line, packed by itself."""
    return f"{line}/{_WHOLE}"


def since(line: str, sha256: str) -> str:
    """The file of the difference from the edition of this digest to the newest."""
    return f"{line}/since-{sha256}.zst"


def line_of(file: str) -> str | None:
    """The line whose newest edition a file is; None for a difference."""
    line, found, rest = file.rpartition(f"/{_WHOLE}")
    return line if found and not rest else None


def told(custom: Mapping[str, Any] | None) -> Edition:
    """What is said of an edition. Raises EditionDamagedError where that makes no sense."""
    try:
        edition = msgspec.convert(custom, Edition)
    except msgspec.ValidationError as error:
        raise EditionDamagedError from error
    if not 0 <= edition.size <= MOST_BYTES:
        raise EditionDamagedError
    return edition


def remembered(memory: Path) -> dict[str, Edition]:
    """The newest editions that were seen and believed, by line, as the folder `memory` of the client has them."""
    try:
        signed = json.loads((memory / "targets.json").read_bytes())["signed"]["targets"]
        lines = {line: file["custom"] for path, file in signed.items() if (line := line_of(path)) is not None}
        return {line: told(custom) for line, custom in lines.items()}
    except (OSError, ValueError, LookupError, TypeError, EditionDamagedError):
        return {}


def digest(content: bytes) -> str:
    """What tells an edition from every other."""
    return hashlib.sha256(content).hexdigest()


def pack(content: bytes, base: bytes | None = None) -> bytes:
    """`content` packed; given a `base`, as the difference from it."""
    size, known = len(content), len(base or b"")
    level = _FINEST if size + known <= _FINE else _QUICK if base is None else _DIFFERENCE
    parameters = zstandard.ZstdCompressionParameters.from_level(
        level,
        source_size=size,
        dict_size=known,
        window_log=min(_WINDOW, max(zstandard.WINDOWLOG_MIN, (size + known).bit_length())),
        enable_ldm=base is not None,
        write_checksum=True,
    )
    packer = zstandard.ZstdCompressor(compression_params=parameters, dict_data=_dictionary(base))
    return packer.compress(content)


def unpack(packed: bytes, edition: Edition, base: bytes | None = None) -> bytes:
    """The content of `edition`. Raises EditionDamagedError where it is anything else, and opens nothing larger."""
    try:
        if zstandard.frame_content_size(packed) != edition.size:
            raise EditionDamagedError
        opener = zstandard.ZstdDecompressor(dict_data=_dictionary(base), max_window_size=1 << _WINDOW)
        content = opener.decompress(packed, max_output_size=edition.size)
    except (zstandard.ZstdError, MemoryError) as error:
        raise EditionDamagedError from error
    if digest(content) != edition.sha256:
        raise EditionDamagedError
    return content


def shelved(content: bytes) -> bytes:
    """An edition as a laptop keeps it: packed in a moment."""
    return zstandard.compress(content)


def unshelved(packed: bytes) -> bytes | None:
    """What was `shelved`; None where the disk spoilt it."""
    try:
        return zstandard.decompress(packed, max_output_size=MOST_BYTES)
    except zstandard.ZstdError:
        return None


def _dictionary(base: bytes | None) -> zstandard.ZstdCompressionDict | None:
    if base is None:
        return None
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
