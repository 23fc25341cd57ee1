"""The demo's web systems: one small application a file, by the way it signs on."""
