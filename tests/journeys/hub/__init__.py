"""Journeys across a force: terminals that a hub joins."""
