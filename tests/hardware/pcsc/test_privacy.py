"""No person's card is ever spoken to: shown on the source, on a driver made of paper, and on a real pcscd."""

from __future__ import annotations

import ast
import re
import threading
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import fieldkit
from fieldkit.hardware.pcsc import attributes
from fieldkit.hardware.pcsc.asking import ask
from tests.hardware.pcsc.backends import CPS3, READERS, VITALE, Real

PACKAGE = Path(fieldkit.__file__).parent
WATCHING = {
    "SCardEstablishContext",
    "SCardListReaders",
    "SCardGetStatusChange",
    "SCardCancel",
    "SCardReleaseContext",
}
ASKING = {
    "SCardEstablishContext",
    "SCardGetStatusChange",
    "SCardConnect",
    "SCardControl",
    "SCardGetAttrib",
    "SCardDisconnect",
    "SCardReleaseContext",
    "SCARD_SHARE_DIRECT",
}


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    files = (
        (file.relative_to(PACKAGE).as_posix(), file.read_text("utf-8")) for file in PACKAGE.rglob("*.py")
    )
    return tuple((name, ast.parse(text)) for name, text in files)


def calls(tree: ast.Module, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name
    ]


def test_each_file_uses_the_functions_it_may_and_no_other() -> None:
    used: dict[str, set[str]] = {}
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr.startswith(("SCard", "SCARD_SHARE")):
                used.setdefault(file, set()).add(node.attr)
            if isinstance(node, ast.Import | ast.ImportFrom) and "smartcard" in ast.unparse(node):
                assert (file, ast.unparse(node)) == ("hardware/pcsc/scard.py", "import smartcard.scard")
    assert used == {"hardware/pcsc/scard.py": WATCHING, "hardware/pcsc/attributes.py": ASKING}


def test_no_function_is_reached_by_another_way() -> None:
    """Neither by its name in a string, nor through the library itself."""
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.fullmatch(r"SCard\w+", node.value), file
                assert "SCardTransmit" not in node.value, file
        for call in calls(tree, "getattr"):
            assert "scard" not in ast.unparse(call).lower(), file
        libraries = [ast.unparse(call) for name in ("CDLL", "WinDLL") for call in calls(tree, name)]
        assert not libraries or (file, libraries) == (
            "hardware/pcsc/scard.py",
            ["ctypes.CDLL('libpcsclite.so.1')"],
        )


def test_the_one_line_is_to_the_reader_and_leaves_a_card_alone() -> None:
    tree = dict(trees())["hardware/pcsc/attributes.py"]
    (connect,) = calls(tree, "SCardConnect")
    assert [ast.unparse(argument) for argument in connect.args[2:]] == [
        "scard.SCARD_SHARE_DIRECT",
        "_NO_PROTOCOL",
    ]
    (disconnect,) = calls(tree, "SCardDisconnect")
    assert ast.unparse(disconnect.args[1]) == "_LEAVE_CARD"
    assert (attributes._NO_PROTOCOL, attributes._LEAVE_CARD) == (0, 0)


def test_only_the_child_asks_in_its_own_process() -> None:
    for file, tree in trees():
        readers = [call for call in calls(tree, "read") if ast.unparse(call.func) == "attributes.read"]
        assert not readers or file == "services/readers.py", file
        assert not calls(tree, "attributes_of") or file == "commands/bench.py", file


def lifetime(pcscd: Real, asked: int | None) -> Counter[bytes]:
    """What pcscd tells a carte Vitale in slot 1 from insertion to removal, the driver of slot `asked` being asked."""
    card = pcscd.cards[1]
    card.messages.clear()
    card.insert(VITALE)
    until(lambda: b"\x00" in card.messages)  # powered for its answer, and down again: nobody uses it
    if asked is not None:
        outcome = ask(READERS[asked]).outcome
        assert outcome == ("read" if asked == 0 else "occupied")
    card.remove()
    assert card.commands == []
    return Counter(message for message in card.messages if message in (b"\x01", b"\x02"))


@pytest.mark.pcscd
def test_asking_a_driver_reaches_no_card(pcscd: Real) -> None:
    alone = lifetime(pcscd, None)
    assert lifetime(pcscd, 0) == alone
    assert lifetime(pcscd, 1) == alone


@pytest.mark.pcscd
def test_a_card_that_comes_while_its_driver_is_asked_is_left_alone(pcscd: Real) -> None:
    card = pcscd.cards[0]
    alone = None
    for asking in (False, True):
        card.messages.clear()
        card.insert(CPS3)
        if asking:
            for _ in range(3):
                assert ask(READERS[0]).outcome in ("read", "occupied")
        until(lambda: b"\x00" in card.messages)
        card.remove()
        assert card.commands == []
        powered = Counter(message for message in card.messages if message in (b"\x01", b"\x02"))
        alone = alone or powered
        assert powered == alone


def until(condition: Callable[[], bool], patience: float = 60.0) -> None:
    """Wait for something that only the virtual card's own record tells."""
    waited, rounds = threading.Event(), int(patience / 0.02)
    for _ in range(rounds):
        if condition():
            return
        waited.wait(0.02)
    pytest.fail("this never came true")
