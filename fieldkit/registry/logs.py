"""The registry's log: one JSON object a line on the error output. What happened, to whom; never what was written."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Final

LOGGERS: Final = ("fieldkit.registry", "uvicorn.error")


class Lines(logging.Formatter):
    """A record of the log as a line of JSON. A traceback's text may hold content: only its kind is told."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        told = {"at": at, "level": record.levelname.lower(), "event": record.getMessage()}
        told |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0] is not None:
            told["fault"] = record.exc_info[0].__name__
        return json.dumps({name: value for name, value in told.items() if value is not None})


def begin() -> None:
    """Write the log from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
