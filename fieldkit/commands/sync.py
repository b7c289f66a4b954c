"""Placeholder until its service lands."""

import click

COMMANDS: list[click.Command] = []
