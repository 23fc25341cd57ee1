"""Messages between our own processes: frozen, versioned, without behaviour."""
