"""Tests of the hub's officers."""
