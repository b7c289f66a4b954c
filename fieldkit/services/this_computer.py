"""What the computer the app runs on can tell of itself, as facts of a workstation."""

from __future__ import annotations

from fieldkit.hardware import components, inventory
from fieldkit.importers.probe import component_facts


def workstation_facts() -> dict[str, str]:
    """Fields of a workstation that this computer answers for; what it cannot tell is left out, never "no"."""
    system = inventory.operating_system()
    facts = {"os": system["os"], "os_version": system["os_version"]}
    facts |= component_facts(found.as_dict() for found in components.installed(system["os"]))
    return {field: value for field, value in facts.items() if value}
