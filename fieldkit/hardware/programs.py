"""Programs that are known to use, or to fight for, a card reader: which of them run on this computer.

Only these are looked for; the list of what else runs is never kept, shown or copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

KNOWN: Final[dict[str, str]] = {
    "jfse": "jFSE (Cegedim)",
    "gestion lecteur sv": "Gestion Lecteur SV (jFSE)",
    "affid": "Affid",
    "hellodoc": "HelloDoc",
    "weda": "Weda",
    "shaman": "Shaman",
    "pyxvital": "Pyxvital",
    "medistory": "MediStory",
    "medimust": "MediMust",
    "srvsvcnam": "SrvSvCnam",
    "juxtalink": "JuxtaLink",
    "dmpconnect": "DmpConnect-JS2",
    "diagam": "DiagAM",
    "galss": "GALSS",
    "scdaemon": "GnuPG (scdaemon)",
}
"""Name by how a process name begins, or one of its words does (domain.md §1.7 R4 and R9, §3.5; GnuPG: manual of
scdaemon, which holds the reader for itself unless told otherwise)."""

_PATTERN: Final = re.compile(r"(?:^|[^a-z])(" + "|".join(re.escape(word) for word in KNOWN) + ")")


def suspects(processes: Iterable[str]) -> list[str]:
    """The known programs among these process names, each once, by name."""
    return sorted({KNOWN[found[1]] for name in processes if (found := _PATTERN.search(name.lower()))})


def running() -> list[str]:
    """The names of all processes that this user may see."""
    import psutil

    return [name for process in psutil.process_iter(["name"]) if (name := process.info["name"])]
