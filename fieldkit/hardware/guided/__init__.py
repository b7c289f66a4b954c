"""The guided test of a card reader: what a person is asked to do, what the reader made of it, and the verdict."""
