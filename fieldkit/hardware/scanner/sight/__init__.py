"""Codes seen by a camera or in a picture. Pixels are opened and decoded in a child process (`child`), which hands
over what may be known of them (`seen`); this process (`eye`) watches over it and starts it again."""
