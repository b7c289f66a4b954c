"""The keeper's page: what it shows and does not, for every reader; then as a real browser shows it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import update

from fieldkit.registry import page
from fieldkit.registry.database import write
from fieldkit.registry.tables import audit, device
from tests.registry.caller import LOOPBACK, Caller
from tests.registry.live import LiveRegistry
from tests.registry.openid_provider import ABSENT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def anne(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("anne", "dept:72")) as caller:
        card = {"device_id": "b" * 16, "name": "<script>alert(1)</script>", "app": "test", "schema": 1}
        caller.post("/devices", [card], **{"Fieldkit-Device": "b" * 16})
        caller.push((1, [caller.create(name="Tilleuls")]))
        caller.push((2, [{**caller.create(name="Tilleuls refusé"), "t": "nothing"}]))
        yield caller


def shown(registry: LiveRegistry) -> str:
    answer = httpx.get(registry.url, auth=("keeper", registry.token("keeper", "registry")), **LOOPBACK)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


class Reader(HTMLParser):
    """A page as a screen reader meets it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [about for name, about in self.tags if name == tag]


def test_who_waits_for_a_right_is_shown_first(registry: LiveRegistry) -> None:
    for n, name in enumerate(("Anne <Morel>", "Bruno")):
        with Caller(registry.url, ABSENT.sign(sub=f"0190-{name[:5].strip()}", name=name), f"{n:016x}"):
            pass
    registry.grant("0190-Anne")
    words = " ".join(Reader(shown(registry)).words)
    assert 0 < words.index("Bruno") < words.index("Anne <Morel>")


def test_it_tells_who_and_when_and_nothing_of_a_record(registry: LiveRegistry, anne: Caller) -> None:
    told = Reader(shown(registry))
    for word in ("anne", f"{anne.device}", "dept:72", "unknown-type", "écrit"):
        assert word in told.words
    assert not any("Tilleuls" in word for word in told.words)
    assert "<script>" not in shown(registry)
    assert "Journal intact" in "".join(told.words)
    write(registry.engine, lambda db: db.execute(update(audit).where(audit.c.n == 1).values(who="nobody")))
    assert "Journal modifié à la ligne 1" in shown(registry)


def test_it_only_reads_and_asks_who_comes(registry: LiveRegistry, anne: Caller) -> None:
    assert httpx.post(registry.url, **LOOPBACK).status_code == 405
    refused = httpx.get(registry.url, **LOOPBACK)
    assert (refused.status_code, refused.headers["WWW-Authenticate"][:5]) == (401, "Basic")
    assert httpx.get(registry.url, headers=anne.http.headers, **LOOPBACK).status_code == 403


def test_it_can_be_read_by_everybody(registry: LiveRegistry, anne: Caller) -> None:
    told = Reader(shown(registry))
    assert told.all("html") == [{"lang": "fr"}]
    assert len(told.all("h1")) == len(told.all("title")) == len(told.all("main")) == 1
    assert told.all("table")
    assert all(about["aria-label"] for about in told.all("table"))
    assert all(about["scope"] == "col" for about in told.all("th"))
    assert all(about["tabindex"] == "0" and about["aria-label"] for about in told.all("div"))
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in told.all("meta")
    assert not {"script", "img", "link", "form", "input", "a"} & {name for name, _about in told.tags}


def test_its_colours_can_be_told_apart_by_day_and_night() -> None:
    themes = re.findall(
        r"--text: (#\w+); --quiet: (#\w+); --line: (#\w+); --back: (#\w+); --bad: (#\w+)", page._STYLE
    )
    assert len(themes) == 2
    for text, quiet, line, back, bad in themes:
        assert min(contrast(one, back) for one in (text, quiet, bad)) >= 4.5
        assert contrast(line, back) >= 3


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2.2 counts it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_long_table_says_that_it_is_cut(
    registry: LiveRegistry, anne: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "_MOST", 1)
    assert "1 lignes montrées sur 2." in shown(registry)


def test_an_empty_registry_has_a_page_too(registry: LiveRegistry) -> None:
    assert "Rien pour le moment." in shown(registry)


def test_the_last_activity_of_a_laptop_is_noted(registry: LiveRegistry, anne: Caller) -> None:
    write(registry.engine, lambda db: db.execute(update(device).values(seen_at=0)))
    assert "1970-01-01 00:00" in shown(registry)
    anne.post("/session", [{"cursors": {}}])
    write(
        registry.engine,
        lambda db: db.execute(update(device).where(device.c.id == "b" * 16).values(seen_at=1)),
    )
    assert shown(registry).count("1970-01-01 00:00") == 1


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: the page was tested as text only")
@pytest.mark.parametrize("width", [1280, 400])
def test_a_browser_shows_it(on_sqlite: LiveRegistry, tmp_path: Path, width: int) -> None:
    with Caller(on_sqlite.url, on_sqlite.token("anne", "dept:72")) as anne:
        anne.push((1, [anne.create(name="Tilleuls")]))
        where = urlsplit(on_sqlite.url)
        address = f"http://keeper:{on_sqlite.token('keeper', 'registry')}@{where.hostname}:{where.port}/"
        picture = tmp_path / "page.png"
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
        command = [
            str(CHROMIUM),
            *options,
            f"--window-size={width},900",
            f"--screenshot={picture}",
            "--dump-dom",
        ]
        done = subprocess.run([*command, address], capture_output=True, text=True, timeout=90, check=True)
    on_sqlite.clear()
    told = Reader(done.stdout)
    assert "anne" in told.words
    assert "dept:72" in told.words
    assert picture.stat().st_size > 5_000
