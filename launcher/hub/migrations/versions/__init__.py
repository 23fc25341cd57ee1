"""The steps; the first makes the whole store."""
