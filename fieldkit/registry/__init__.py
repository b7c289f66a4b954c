"""The central registry: what all laptops share, over HTTP, on SQLite or PostgreSQL."""
