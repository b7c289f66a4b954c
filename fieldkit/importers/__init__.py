"""Files of others, read into the store."""
