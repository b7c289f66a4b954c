"""Devices, without Qt and without SQL."""
