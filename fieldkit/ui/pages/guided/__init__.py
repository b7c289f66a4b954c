"""The guided test of a card reader and its training, on the readers page."""
