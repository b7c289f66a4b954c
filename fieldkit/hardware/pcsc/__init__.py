"""Card readers through PC/SC: the only rooms that import smartcard."""
