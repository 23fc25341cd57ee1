"""The embedded station: demo officers, an OpenID provider and its systems on loopback. Absent from packages."""
