"""Prove who the officer is."""
