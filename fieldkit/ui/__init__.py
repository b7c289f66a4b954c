"""The window. The only rooms that import PySide6."""
