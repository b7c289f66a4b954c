"""What the person who runs a registry does: tokens, a look inside, a new epoch; and what is kept of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from fieldkit.errors import KnownError
from fieldkit.registry import admin
from fieldkit.registry import audit as journal
from fieldkit.registry.database import reading, write
from fieldkit.registry.tables import audit, metadata
from fieldkit.services import registry as service
from tests.registry.live import LiveRegistry, live_registry, sqlite_url


def test_a_token_is_kept_as_its_hash_only(tmp_path: Path) -> None:
    secret = service.create_token("anne", ["dept:72", "dept:2A"], days=30, data=tmp_path)
    shown = service.show("token", data=tmp_path)
    (kept,) = shown["items"]
    assert secret not in (tmp_path / service.DATABASE_FILE).read_bytes().decode("latin-1")
    assert (kept["sub"], kept["scopes"]) == ("anne", '["dept:2A", "dept:72", "user:anne"]')
    assert 29 < (kept["until"] - kept["made_at"]) / 86_400_000 < 31
    service.revoke_token(kept["sha256"][:12], data=tmp_path)
    assert service.show("token", data=tmp_path)["items"][0]["revoked_at"]


@pytest.mark.parametrize("guess", ["fk_nothing", "0123456789ab", ""])
def test_a_token_that_is_not_there_cannot_be_revoked(tmp_path: Path, guess: str) -> None:
    service.create_token("anne", [], data=tmp_path)
    with pytest.raises(KnownError) as caught:
        service.revoke_token(guess, data=tmp_path)
    assert caught.value.code == "token-missing"


@pytest.mark.parametrize(
    ("user", "scope", "code"),
    [
        ("", "dept:72", "user-unknown-form"),
        ("anne;drop", "dept:72", "user-unknown-form"),
        ("anne", "72", "scope-unknown-form"),
        ("anne", "dept:7", "scope-unknown-form"),
        ("anne", "dept:999", "scope-unknown-form"),
        ("anne", "user:bruno", "scope-unknown-form"),
    ],
)
def test_users_and_scopes_have_a_form(tmp_path: Path, user: str, scope: str, code: str) -> None:
    with pytest.raises(KnownError) as caught:
        service.create_token(user, [scope], data=tmp_path)
    assert caught.value.code == code
    assert service.show("token", data=tmp_path)["items"] == []


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_what_is_kept_is_its_owners_also_in_a_folder_that_is_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    service.create_token("anne", ["dept:72"], data=tmp_path)
    kept = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert kept
    assert {file.stat().st_mode & 0o077 for file in kept} == {0}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnownError) as caught:
        service.show("token", data=tmp_path / "file" / "data")
    assert (caught.value.code, "--data" in caught.value.hint) == ("registry-folder", True)


def test_nothing_of_a_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        service.show("sqlite_master", data=tmp_path)
    assert caught.value.code == "show-unknown"
    with pytest.raises(KnownError) as caught:
        service.show("visit", "nothing", data=tmp_path)
    assert caught.value.code == "record-missing"
    assert service.show("visit", data=tmp_path) == {"type": "visit", "items": []}


def test_a_new_epoch_is_another_one(tmp_path: Path) -> None:
    epochs = {service.new_epoch(data=tmp_path) for _ in range(3)}
    assert len(epochs) == 3
    assert [row["what"] for row in service.show("audit", data=tmp_path)["items"]] == ["new-epoch"] * 3


@pytest.mark.parametrize("change", [{"what": "nothing"}, {"detail": "{}"}, {"n": 9}])
def test_a_change_in_the_audit_is_seen(registry: LiveRegistry, change: dict[str, object]) -> None:
    for user in ("anne", "bruno", "chloé"):
        registry.token(user)
    with reading(registry.engine) as db:
        assert admin.show(db, "audit")["intact"]
    write(registry.engine, lambda db: db.execute(update(audit).where(audit.c.n == 2).values(**change)))
    with reading(registry.engine) as db:
        assert not journal.intact(db)


def test_the_migrations_make_the_tables_that_the_code_has(registry: LiveRegistry) -> None:
    with reading(registry.engine) as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []


def test_an_open_database_is_brought_up_to_date_again_without_harm(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with live_registry(url) as first:
        first.token("anne", "dept:72")
        with live_registry(url) as second, reading(second.engine) as db:
            assert len(admin.show(db, "token")["items"]) == 1


@pytest.mark.parametrize(
    "url",
    [
        "not an address",
        "sqlite:////nowhere/at/all.db",
        "nosuchdb://x",
        "postgresql+psycopg://x@/y?host=/nowhere",
    ],
)
def test_a_database_that_does_not_answer_is_told(url: str) -> None:
    with pytest.raises(KnownError) as caught, service.opened(url, None):
        pass
    assert caught.value.code == "registry-database"


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / service.DATABASE_FILE
    file.write_bytes(b"not a database, whatever its name says" * 100)
    before = file.read_bytes()
    with pytest.raises(KnownError) as caught, service.opened(None, tmp_path):
        pass
    assert caught.value.code == "registry-database"
    assert file.read_bytes() == before


def test_without_its_parts_the_registry_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_PARTS", ("fastapi", "no_such_part"))
    with pytest.raises(KnownError) as caught, service.opened(None, None):
        pass
    assert caught.value.code == "registry-not-installed"


@pytest.mark.parametrize("state", ["23505", "40001", "40P01"])
def test_a_lost_race_is_run_again(registry: LiveRegistry, state: str) -> None:
    class LostError(Exception):
        sqlstate = state

    tries: list[int] = []

    def work(_db: object) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("UPDATE", {}, LostError())
        return "done"

    assert write(registry.engine, work) == "done"
    assert len(tries) == 3
