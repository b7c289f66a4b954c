"""2D scanners: what they type, and what that says about their settings."""
