"""Tests of the hub's suspended."""
