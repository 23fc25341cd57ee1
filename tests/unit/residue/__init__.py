"""Tests of the search for what was left."""
