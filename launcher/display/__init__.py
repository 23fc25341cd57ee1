"""The display that all of a station's processes share: who touched it last, and whose windows stand on it."""
