"""Records what the app of today sends: `python -m tests.registry.schemas.record`, before the shape changes."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from fieldkit.store.changes import SCHEMA
from fieldkit.store.fieldwork import FieldStore
from tests.conftest import KEY

HERE = Path(__file__).parent


def main() -> None:
    """Write `<schema>.jsonl`: changesets, then the records that they lead to."""
    with TemporaryDirectory() as folder:
        store = FieldStore.open(Path(folder) / "field.db", KEY)
        with store.changeset("Nouveau cabinet") as c:
            practice = c.create(
                "practice", "dept:72", {"name": "Tilleuls", "rpps": "10003456786", "city": "Laval"}
            )
            visit = c.create(
                "visit", "dept:72", {"practice": practice, "date": "2026-11-25", "state": "draft"}
            )
        with store.changeset("Poste") as c:
            station = c.create(
                "workstation", "dept:72", {"practice": practice, "name": "Accueil", "addendum": 8}
            )
            reader = {"practice": practice, "workstation": station, "kind": "lecteur", "serial": "A-1"}
            c.create("equipment", "dept:72", reader)
        with store.changeset("Visite") as c:
            note = c.create("note", "dept:72", {"visit": visit, "text": "Première ligne.\n\nDeuxième."})
            c.create("obstacle", "dept:72", {"visit": visit, "theme": "apcv", "gravity": "high"})
            c.create("follow_up", "dept:72", {"visit": visit, "who": "ps", "by": "2026-12-24", "done": False})
            c.create(
                "test_run", "dept:72", {"visit": visit, "kind": "readers", "details": {"readers": [1, 2.5]}}
            )
        with store.changeset("Saisie") as c:
            c.set("workstation", station, {"os": "windows", "name": None})
            c.set("practice", practice, {"city": "Le Mans"})
        with store.changeset("Saisie") as c:
            c.archive("note", note)
        with store.changeset("Saisie") as c:
            c.archive("note", note, back=True)
        rows = store.database.execute("SELECT seq, schema, ops FROM outbox ORDER BY seq").fetchall()
        lines = [
            json.dumps({"seq": seq, "v": v, "ops": json.loads(ops)}, ensure_ascii=False)
            for seq, v, ops in rows
        ]
        held = store.database.execute("SELECT id, doc, archived FROM record ORDER BY id").fetchall()
        states = {i: {"fields": json.loads(doc), "archived": bool(archived)} for i, doc, archived in held}
        lines.append(json.dumps({"records": states}, ensure_ascii=False))
        store.close()
    (HERE / f"{SCHEMA}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
