"""Tests of the hub's second."""
