"""The parts of the sync page: sign-in, what waits, conflicts."""
