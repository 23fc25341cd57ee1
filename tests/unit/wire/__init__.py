"""Tests of messages and their lines."""
