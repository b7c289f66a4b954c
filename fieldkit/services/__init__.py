"""One function per user action: what the screens and the command line both call."""
