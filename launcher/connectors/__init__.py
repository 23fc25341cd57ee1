"""Kinds of systems: a folder each, which turns a catalogue entry into a launch plan and starts nothing."""
