"""The parts of the visits page: the list, a new visit, and the steps of the one that is open."""
