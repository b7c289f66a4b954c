"""The only rooms that speak SQL on the laptop."""
