"""Builds everything: the only place that knows all parts and which of them is used.

A module a command, and each command's libraries are loaded when it runs. A session is the reason: its sign-in screen
must be painted before the clients of directory and provider are loaded.
"""
