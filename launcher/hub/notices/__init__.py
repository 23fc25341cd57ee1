"""Notices that the helpdesk gives to sign-in screens and tiles, everywhere or at some places, and takes back."""
