"""The lines to hosts: each carries bytes both ways, ends, and says what is known of it."""
