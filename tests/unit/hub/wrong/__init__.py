"""Tests of wrong."""
