"""What the helpdesk sees: who is found, whose letters these are, an officer's page, and which terminals are away."""
