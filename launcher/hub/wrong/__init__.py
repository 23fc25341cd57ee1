"""What is wrong now: systems that fail or are slow, by place, against what is usual; terminals that are away."""
