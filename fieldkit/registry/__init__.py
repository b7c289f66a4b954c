"""The central registry: one HTTP service over SQLAlchemy Core."""
