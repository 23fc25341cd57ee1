"""Suspended officers: no proof of theirs counts, and stations keep a list of digests by which to refuse them."""
