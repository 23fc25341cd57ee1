"""Openers that need no screen: they carry a launch plan out."""
