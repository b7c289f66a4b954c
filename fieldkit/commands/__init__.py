"""The commands, one module per page of the window. Each imports what it needs when it is called."""
