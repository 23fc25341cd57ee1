"""The 3270: a telnet layer of ours, tnz as parser and screen behind it, and what an operator does on it."""
