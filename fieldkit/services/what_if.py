"""What if: the verdict on the workstations of a draft if some changes were made. Nothing here writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from fieldkit.services import verdicts, visits
from fieldkit.store.fieldwork import FieldStore


def of_visit(store: FieldStore, visit_id: str, taken: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """`verdicts.what_if` for each workstation of a visit, by its identity; `taken` are the keys of its changes."""
    shown = visits.show_visit(store, visit_id)
    day = dt.date.fromisoformat(shown["date"])
    return {
        w["id"]: verdicts.what_if(w, taken.get(w["id"], ()), day, store.folder) for w in shown["workstations"]
    }
