"""What the screens show of the hub: notices, letters, cards and lists. Each part is loaded late."""
