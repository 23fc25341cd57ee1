"""Sets Station Launcher up on a fresh machine, with nothing but Python's standard library.

`python3 -m installer demo` and `python3 -m installer test` are the two commands a newcomer needs. What is laid where is
told in `paths`; what a machine must have is told in `system_packages`.
"""
