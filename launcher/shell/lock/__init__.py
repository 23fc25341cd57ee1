"""A terminal that is locked, taken over or covered: the faces that stand before somebody else's work."""
