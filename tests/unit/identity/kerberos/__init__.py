"""The Kerberos ticket of a session."""
