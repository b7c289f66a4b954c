"""How much memory this process has taken."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

_LINUX: Final = Path("/proc/self/status")


def peak_mb() -> float:
    """The most resident memory this process has had since it started, in megabytes (of 2^20 bytes)."""
    if sys.platform == "win32":
        import psutil

        return round(psutil.Process().memory_info().peak_wset / 2**20, 1)
    if _LINUX.exists():  # `getrusage` would tell that of whoever started it, where it had more
        lines = _LINUX.read_bytes().splitlines()
        peak = next(line for line in lines if line.startswith(b"VmHWM:"))
        return round(int(peak.split()[1]) / 1024, 1)
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 1)  # macOS counts bytes
