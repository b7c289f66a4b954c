"""Tests mirror the package; `e2e` drives the real window."""
