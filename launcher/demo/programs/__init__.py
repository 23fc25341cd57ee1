"""The demo's programs: real processes that want a name and password on a pipe."""
