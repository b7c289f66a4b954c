"""`python -m fieldkit`, and where the frozen build starts: it is also the child process that looks at pictures."""

import sys

from fieldkit.cli import main

if __name__ == "__main__":
    if getattr(sys, "frozen", False) and len(sys.argv) > 1:  # the window itself starts without
        from multiprocessing import freeze_support

        freeze_support()
    main()
