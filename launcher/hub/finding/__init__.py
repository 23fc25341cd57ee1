"""Finding officers and terminals as one types: by name, number, terminal or place."""
