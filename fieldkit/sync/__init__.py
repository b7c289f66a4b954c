"""The way of field work from the laptop to the registry and back."""
