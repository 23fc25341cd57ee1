"""Who sits where: the pictures that stations report, where else their officers sit, and bringing a sitting over."""
