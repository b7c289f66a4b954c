"""What the computer the app runs on can tell of itself, as facts of a workstation."""

from __future__ import annotations

from fieldkit.hardware import inventory


def workstation_facts() -> dict[str, str]:
    """Fields of a workstation that this computer answers for; what it cannot tell is left out, never "no"."""
    system = inventory.operating_system()
    facts = {"os": system["os"], "os_version": system["os_version"]}
    for found in inventory.health_components(system["os"]):
        if found["component"] == "FSV" and found["version"]:
            facts["fsv_version"] = found["version"]
        if found["component"] == "GALSS":
            facts["galss_leftovers"] = "yes"
    return {field: value for field, value in facts.items() if value}
