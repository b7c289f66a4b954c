"""The parts of the import of a file: its columns, the names to confirm, the preview, past imports."""
