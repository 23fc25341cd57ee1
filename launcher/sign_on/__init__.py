"""Runs recipes and sign-on methods against a driver and says how it ended."""
