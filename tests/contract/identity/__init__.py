"""What every sign-in method with a name and password has to keep to, and the methods that do."""
