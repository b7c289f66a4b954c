"""The manuals in docs: what they tell to type is what the commands take, and what they list is what there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from fieldkit import cli
from fieldkit.sync.protocol import BASE

DOCS = Path(__file__).parent.parent / "docs"
CODE = re.compile(r'ProtocolError\(\s*"([a-z-]+)", (\d+)|Problem\.of\("([a-z-]+)", status=(\d+)')


def commands() -> list[str]:
    """Every `fieldkit …` of the manuals, each on one line."""
    text = "".join(
        (DOCS / name).read_text("utf-8").replace("\\\n", " ") for name in ("registry.md", "publications.md")
    )
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.S) for line in block.splitlines()]


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith("fieldkit ")])
def test_commands_are_taken(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(line.partition(" > ")[0])
    assert cli.run([*words[1:], "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


def test_every_problem_and_call_is_told() -> None:
    text = (DOCS / "protocol.md").read_text("utf-8")
    for file in sorted(Path("fieldkit/registry").rglob("*.py")):
        for match in CODE.finditer(file.read_text("utf-8")):
            code, status = (match[1], match[2]) if match[1] else (match[3], match[4])
            row = next(
                line for line in text.splitlines() if line.startswith("|") and status in line.split("|")[1]
            )
            assert f"`{code}`" in row, (code, status)
    for call in ("/devices", "/session", "/push", "/pull", "/digest", "/blobs/{sha256}", "/uploads", BASE):
        assert call in text
