"""What the officer holds for the session: tokens, credentials, and where they are kept."""
