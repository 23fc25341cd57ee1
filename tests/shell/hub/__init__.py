"""What the screens show of the hub."""
