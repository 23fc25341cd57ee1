"""Tests of phases, spool and figures."""
