"""Visit reports as tagged PDF."""
