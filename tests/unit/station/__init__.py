"""Tests of the station's rules and parts."""
