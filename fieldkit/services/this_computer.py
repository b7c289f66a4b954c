"""What the computer the app runs on can tell of itself, as facts of a workstation."""

from __future__ import annotations

from typing import Final

from fieldkit.hardware import components, inventory

_VERSIONS: Final = {"FSV": "fsv_version", "Cryptolib CPS": "cryptolib_version", "ATSAM": "atsam_version"}


def workstation_facts() -> dict[str, str]:
    """Fields of a workstation that this computer answers for; what it cannot tell is left out, never "no"."""
    system = inventory.operating_system()
    facts = {"os": system["os"], "os_version": system["os_version"]}
    for found in components.installed(system["os"]):
        if found.version and found.name in _VERSIONS:
            facts[_VERSIONS[found.name]] = found.version
        if found.name == "GALSS":
            facts["galss_leftovers"] = "yes"
    return {field: value for field, value in facts.items() if value}
