"""A printed report as a reader gets it: its text, its structure and its fonts, read with pikepdf."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_RANGE = re.compile(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_CHAR = re.compile(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


def opened(pdf: bytes) -> pikepdf.Pdf:
    """The document."""
    return pikepdf.open(io.BytesIO(pdf))


def text(document: pikepdf.Pdf) -> str:
    """The text of all pages in the order it is drawn: a line for each stretch between two moves of the pen.

    Spaces that do not break, and the breaks offered in long words, are read as a reader sees them.
    """
    drawn = "\n".join(_page_text(page) for page in document.pages)
    return drawn.replace("\u00a0", " ").replace("\u202f", " ").replace("\u200b", "")


def flowing(document: pikepdf.Pdf) -> str:
    """`text` with its lines joined, to look for a sentence wherever it was broken."""
    return re.sub(r"\s+", " ", text(document))


def structure(document: pikepdf.Pdf) -> list[tuple[str, str]]:
    """Every element of the structure tree in reading order: (kind, title of a heading)."""
    return list(_elements(document.Root.StructTreeRoot.K))


def alternatives(document: pikepdf.Pdf) -> list[str]:
    """What is read out for each figure of the structure tree, in reading order."""
    return [str(node.Alt) for node in _nodes(document.Root.StructTreeRoot.K) if node.get("/S") == "/Figure"]


def pictures(document: pikepdf.Pdf) -> list[tuple[int, int]]:
    """The pixels of each JPEG that is in the document: (columns, rows)."""
    streams = (item for item in document.objects if isinstance(item, pikepdf.Stream))
    return [(int(item.Width), int(item.Height)) for item in streams if item.get("/Filter") == "/DCTDecode"]


def font_descriptors(document: pikepdf.Pdf) -> list[Any]:
    """The descriptor of each font that a page uses."""
    return [
        font.DescendantFonts[0].FontDescriptor
        for page in document.pages
        for font in page.Resources.Font.values()
    ]


def _elements(node: Any) -> Iterator[tuple[str, str]]:
    for element in _nodes(node):
        yield str(element.S).removeprefix("/"), str(element.get("/T", ""))


def _nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _nodes(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _nodes(node.K)


def _page_text(page: pikepdf.Page) -> str:
    maps = {name: _unicode_map(font.ToUnicode) for name, font in page.Resources.Font.items()}
    current: dict[int, str] = {}
    drawn = ""
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "Tf":
                current = maps[str(operands[0])]
            case "Tm" | "Td" | "T*":
                drawn += "\n"
            case "Tj":
                drawn += _decoded(bytes(operands[0]), current)
            case "TJ":
                strings = (item for item in operands[0] if isinstance(item, pikepdf.String))
                drawn += "".join(_decoded(bytes(item), current) for item in strings)
    return drawn


def _decoded(codes: bytes, to_unicode: dict[int, str]) -> str:
    pairs = zip(codes[::2], codes[1::2], strict=True)
    return "".join(to_unicode.get(high << 8 | low, "") for high, low in pairs)


def _unicode_map(stream: Any) -> dict[int, str]:
    cmap = stream.read_bytes().decode("ascii")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, target in _CHAR.findall(block):
            found[int(code, 16)] = bytes.fromhex(target).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, target in _RANGE.findall(block):
            start = ord(bytes.fromhex(target).decode("utf-16-be"))
            for n, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                found[code] = chr(start + n)
    return found
