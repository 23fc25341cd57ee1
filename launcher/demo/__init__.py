"""The embedded station: demo officers, an OpenID provider and ten systems on loopback. Absent from packages."""
