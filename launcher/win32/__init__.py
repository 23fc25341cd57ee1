"""What is asked of Windows: a small protocol for each library, and one module that binds them.

Written and never run on Windows: what uses the protocols is tested against stand-ins that hold the same state. Nothing
here is loaded on another system.
"""
