"""Tests of told."""
