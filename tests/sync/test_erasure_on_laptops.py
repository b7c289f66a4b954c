"""Erasure end to end: real laptops and a real registry, backups of both, and pushes that come late."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import KnownError
from fieldkit.registry import erasure
from fieldkit.registry.blobs import Shelf
from fieldkit.registry.database import reading
from fieldkit.registry.tables import metadata
from fieldkit.services import photos, sync, visits
from fieldkit.services import registry as service
from tests.photos import pictures
from tests.registry.caller import Caller
from tests.registry.live import LiveRegistry, lasting_port, live_registry, sqlite_url
from tests.registry.test_uploads import give
from tests.sync.laptop import Laptop

RPPS = "10003456786"
SECRET = "Tilleuls"


class House:
    """A registry with its database and folder on a disk, that is stopped and started, and laptops around it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir()
        self.database = sqlite_url(folder)
        self.laptops: dict[str, Laptop] = {}
        self._port = lasting_port()
        self.start()

    def start(self) -> None:
        """Serve, at the same address as before."""
        self._serving = live_registry(self.database, self._port, folder=self.data)
        self.registry: LiveRegistry = self._serving.__enter__()

    def stop(self) -> None:
        """Stop serving."""
        self._serving.__exit__(None, None, None)

    def laptop(self, user: str, *scopes: str) -> Laptop:
        """The laptop of a user."""
        self.laptops[user] = Laptop.of(self.folder, self.registry, user, *(scopes or ("dept:72",)))
        return self.laptops[user]

    def erase(self, wanted: str, work: Callable[..., Any] = service.erase) -> dict[str, int]:
        """Erase, as the command does, while the registry serves."""
        found: dict[str, int] = work(wanted, database=self.database, data=self.data)["erased"]
        return found

    def backup(self) -> None:
        """Keep a copy of the database as it is now."""
        self.stop()
        shutil.copy(self.folder / "registry.db", self.folder / "backup.db")
        self.start()

    def restore(self) -> None:
        """Put that copy back, as the manual says, and serve it."""
        self.stop()
        for name in ("registry.db-wal", "registry.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copy(self.folder / "backup.db", self.folder / "registry.db")
        service.new_epoch(database=self.database, data=self.data)
        self.start()

    def sync(self, *, rounds: int = 3) -> None:
        """Let every laptop synchronise, again and again."""
        for _round in range(rounds):
            for laptop in self.laptops.values():
                laptop.sync()

    def everything(self) -> str:
        """Every value of every table of the registry."""
        with reading(self.registry.engine) as db:
            return "\n".join(
                str(row) for table in metadata.sorted_tables for row in db.execute(table.select())
            )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    for laptop in made.laptops.values():
        laptop.store.close()
    made.stop()


def held(laptop: Laptop) -> str:
    """Every value of every table of a laptop, bytes of photos as what they begin with."""
    store = laptop.store.database
    names = store.table_names()
    return "\n".join(
        str([*row])[:4_000] for name in names for row in store.execute(f"SELECT * FROM [{name}]")
    )


def visit_with_a_photo(laptop: Laptop) -> tuple[str, str]:
    """A practice that was visited: its identity, and the digest of the photo."""
    visit, practice = visits.new_visit(
        laptop.store, practice=SECRET, about={"department": "72", "rpps": RPPS, "city": SECRET}
    )
    visits.set_workstation(laptop.store, visit, None, {"name": SECRET, "os": "windows"})
    photos.add(laptop.store, visit, photos.encode(photos.read(pictures.photo())), SECRET)
    (photo,) = laptop.store.of("photo")
    return practice, str(photo["sha256"])


def photo_bytes(laptop: Laptop) -> int:
    found: int = laptop.store.database.execute("SELECT count(*) FROM blob").fetchone()[0]
    return found


def test_a_practice_and_its_photos_are_gone_from_every_laptop(house: House) -> None:
    anne, bruno = house.laptop("anne"), house.laptop("bruno")
    practice, digest = visit_with_a_photo(anne)
    other = anne.practice(name="Acacias")
    house.sync()
    with Caller(house.registry.url, anne.token, anne.store.device) as caller:
        bytes_of_it = anne.store.database.execute("SELECT bytes FROM blob").fetchone()[0]
        give(caller, bytes(bytes_of_it))
    assert Shelf(house.data).blob(digest).exists()
    assert (photo_bytes(anne), SECRET in held(bruno)) == (1, True)
    assert house.erase(practice) == {"practice": 1, "visit": 1, "workstation": 1, "photo": 1}
    house.sync()
    for laptop in (anne, bruno):
        assert set(laptop.rows()) == {other}
        assert SECRET not in held(laptop)
        assert photo_bytes(laptop) == 0
    assert SECRET not in house.everything()
    assert not Shelf(house.data).blob(digest).exists()


def test_a_person_is_gone_from_every_department(house: House) -> None:
    both = house.laptop("anne", "dept:72", "dept:44")
    with both.store.changeset("Cabinets") as c:
        for scope in ("dept:72", "dept:44", "user:me"):
            c.create("practice", scope, {"name": SECRET, "rpps": RPPS})
        kept = c.create("practice", "dept:44", {"name": "Acacias", "rpps": "10101514767"})
    house.sync(rounds=1)
    assert house.erase(RPPS) == {"practice": 3}
    house.sync()
    assert set(both.rows()) == {kept}
    assert RPPS not in house.everything() + held(both)


def test_nothing_comes_back_from_what_was_written_far_from_the_network(house: House) -> None:
    anne, bruno = house.laptop("anne"), house.laptop("bruno")
    practice = anne.practice(name=SECRET)
    house.sync()
    with bruno.store.changeset("Visite") as c:
        visit = c.create("visit", "dept:72", {"practice": practice, "delegate": SECRET})
        c.create("note", "dept:72", {"visit": visit, "text": SECRET})
        c.set("practice", practice, {"city": SECRET})
        kept = c.create("practice", "dept:72", {"name": "Acacias"})
    house.erase(practice)
    anne.sync()
    house.sync()
    for laptop in (anne, bruno):
        assert set(laptop.rows()) == {kept}
        assert SECRET not in held(laptop)
    assert SECRET not in house.everything()
    with bruno.store.changeset("Encore") as c:  # an old window still shows it
        c.create("visit", "dept:72", {"practice": practice, "delegate": SECRET})
    house.sync()
    assert SECRET not in house.everything() + held(bruno) + held(anne)


@pytest.mark.parametrize("unsent", [False, True])
def test_a_laptop_restored_from_its_backup_learns_it_again(house: House, unsent: bool) -> None:
    anne, bruno = house.laptop("anne"), house.laptop("bruno")
    practice, _digest = visit_with_a_photo(anne)
    house.sync()
    if unsent:
        bruno.write(practice, city=SECRET + " unsent")
    bruno.store.close()
    shutil.copy(bruno.file, house.folder / "bruno-backup.db")
    bruno.reopen()
    house.sync()
    house.erase(practice)
    house.sync()
    bruno.practice(name="Acacias")
    bruno.sync()
    bruno.store.close()
    shutil.copy(house.folder / "bruno-backup.db", bruno.file)
    bruno.reopen()
    assert SECRET in held(bruno)
    house.sync()
    for laptop in (anne, bruno):
        assert {row[1][0] for row in laptop.rows().items()} <= {practice} or SECRET not in held(laptop)
        assert SECRET not in held(laptop)
        assert [r["name"] for r in laptop.store.of("practice")] == ["Acacias"]
    assert SECRET not in house.everything()


def test_a_registry_restored_from_before_gives_nothing_back(house: House) -> None:
    anne, bruno, late = (house.laptop(user) for user in ("anne", "bruno", "late"))
    practice, _digest = visit_with_a_photo(anne)
    other = anne.practice(name="Acacias")
    house.sync()
    late.write(practice, city=SECRET)
    house.backup()
    house.erase(practice)
    anne.sync()
    bruno.sync()
    assert SECRET not in house.everything()
    house.restore()
    assert SECRET not in house.everything()  # before any laptop came
    house.sync()
    for laptop in (anne, bruno, late):
        assert set(laptop.rows()) == {other}
        assert SECRET not in held(laptop)
    assert SECRET not in house.everything()


def test_without_its_file_a_restored_registry_is_refilled_by_nobody_who_knew(house: House) -> None:
    """The file of what is erased was lost with the disk: laptops that had synced no longer hold it either."""
    anne, bruno = house.laptop("anne"), house.laptop("bruno")
    practice = anne.practice(name=SECRET)
    house.sync()
    house.erase(practice)
    house.sync()
    house.stop()
    for file in house.folder.glob("registry.db*"):
        file.unlink()
    (house.data / erasure.JOURNAL).unlink()
    house.start()
    for laptop in (anne, bruno):
        sync.configure(laptop.store, laptop.url, house.registry.token(laptop.file.stem, "dept:72"))
    house.sync()
    assert SECRET not in house.everything() + held(anne) + held(bruno)


def test_an_account_is_erased_and_the_work_stays(house: House) -> None:
    anne, bruno = house.laptop("anne-morel"), house.laptop("bruno")
    practice = anne.practice(name="Acacias", city="Tours")
    with anne.store.changeset("Brouillon") as c:
        c.create("practice", "user:me", {"name": SECRET})
    house.sync()
    anne.write(practice, city="Laval")
    bruno.write(practice, city="Le Mans")
    house.sync()
    (conflict,) = sync.conflicts(bruno.store)
    assert "anne-morel" in conflict["who"].values()
    with Caller(house.registry.url, anne.token, "c" * 16) as caller:
        caller.push((1, [{**caller.create(name=SECRET), "st": "never"}]))
    house.backup()
    found = house.erase("anne-morel", service.erase_account)
    assert found.keys() >= {"device", "grant", "token", "quarantine"}
    told = house.everything()
    assert SECRET not in told
    with reading(house.registry.engine) as db:
        books = [table for table in metadata.sorted_tables if table.name != "audit"]
        rest = "\n".join(str(row) for table in books for row in db.execute(table.select()))
    assert "anne-morel" not in rest
    assert "Acacias" in rest
    with pytest.raises(KnownError) as caught:
        anne.sync()
    assert caught.value.code == "token-unknown"
    bruno.sync()
    (conflict,) = sync.conflicts(bruno.store)
    assert "anne-morel" not in held(bruno)
    assert [name for name in conflict["who"].values() if name.startswith("erased-")]
    assert [r["name"] for r in bruno.store.of("practice")] == ["Acacias"]
    assert "anne" not in (house.data / erasure.JOURNAL).read_text()
    service.check_audit(database=house.database, data=house.data)


def test_an_erased_account_does_not_come_back_with_a_backup_but_may_come_back_itself(house: House) -> None:
    anne = house.laptop("anne-morel")
    practice = anne.practice(name="Acacias")
    with anne.store.changeset("Brouillon") as c:
        c.create("practice", "user:me", {"name": SECRET})
    anne.sync()
    house.backup()
    house.erase("anne-morel", service.erase_account)
    house.restore()
    assert SECRET not in house.everything()
    with pytest.raises(KnownError):
        anne.sync()
    with pytest.raises(KnownError) as caught:
        house.erase("anne-morel", service.erase_account)
    assert caught.value.code == "user-missing"
    again = service.create_token("anne-morel", ["dept:72"], database=house.database, data=house.data)
    new = Laptop(house.folder, "new", house.registry.url, again)
    new.sync()
    assert set(new.rows()) == {practice}
    house.stop()
    service.new_epoch(database=house.database, data=house.data)  # and is not erased once more
    house.start()
    new.sync()
    assert sync.status(new.store)["user"] == "anne-morel"
    new.store.close()


def test_a_dry_run_erases_nothing(house: House) -> None:
    anne = house.laptop("anne-morel")
    practice = anne.practice(name="Acacias")
    anne.sync()
    before = house.everything()
    for work, wanted in ((service.erase, practice), (service.erase_account, "anne-morel")):
        assert work(wanted, dry_run=True, database=house.database, data=house.data)["dry_run"]
    assert house.everything() == before
    assert not (house.data / erasure.JOURNAL).exists()
