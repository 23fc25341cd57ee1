"""Prove officers by a directory: OpenLDAP and its kin, or Active Directory."""

from launcher.identity.directory.method import DirectoryMethod

__all__ = ["DirectoryMethod"]
