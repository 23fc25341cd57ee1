"""Journeys: what a person at a station goes through, from end to end."""
