"""The audit: a chain of rows that shows every change made to it afterwards, signed now and then, retired in time."""
