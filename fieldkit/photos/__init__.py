"""Photos made fit to keep: without metadata, at most 2,048 pixels, marks drawn in. The only room of Pillow."""
