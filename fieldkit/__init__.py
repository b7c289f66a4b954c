"""fieldkit: the field bench of the health-digital delegate (Délégué du Numérique en Santé)."""

__version__ = "0.1.0"
