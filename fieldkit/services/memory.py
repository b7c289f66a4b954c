"""How much memory this process has taken."""

from __future__ import annotations

import sys


def peak_mb() -> float:
    """The most resident memory this process has had since it started, in megabytes (of 2^20 bytes)."""
    if sys.platform == "win32":
        import psutil

        return round(psutil.Process().memory_info().peak_wset / 2**20, 1)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20, 1)
