"""What systems there are, who may open them, and how they are found."""
