"""What a session has to do with the hub."""
