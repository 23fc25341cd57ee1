"""Stations: how they enrol and prove themselves, what there is for them, and which of them are connected."""
