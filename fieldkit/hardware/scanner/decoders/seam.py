"""What every decoder is to its callers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fieldkit.hardware.scanner.decoders.code import Look, Symbology

    Gray = NDArray[np.uint8]
    """8-bit gray pixels, (rows, columns)."""


class Decoder(Protocol):
    """Looks for symbols in one picture. Bytes are exact; nothing is raised for what a picture may hold."""

    name: str
    symbologies: frozenset[Symbology]

    def look(self, gray: Gray) -> Look:
        """Every symbol of `symbologies` that can be read in `gray`."""
