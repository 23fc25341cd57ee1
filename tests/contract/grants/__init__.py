"""Places where credentials are kept."""
