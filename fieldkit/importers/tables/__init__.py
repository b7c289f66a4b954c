"""Tables in files of others, whatever wrote them, read into sheets of text.

CSV of any delimiter, quoting and encoding, XLSX, XLS, ODS, and our own JSON. Nothing in a file is ever run:
a formula is text, or the value that its spreadsheet last computed. A file is judged before it is parsed: how
large, of what kind, and how large it would become.
"""

from fieldkit.importers.tables.reading import Book, StoppedError, read, still_the_same
from fieldkit.importers.tables.sheet import Sheet, Span

__all__ = ["Book", "Sheet", "Span", "StoppedError", "read", "still_the_same"]
