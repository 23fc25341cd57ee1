"""Engines of terminals."""
