"""Benchmarks: ``python -m tests.bench [NAME …] [--json FILE]``, each figure beside a reference of the same run.

A benchmark is a module of this folder with a ``measure()``; its docstring's first line says what it measures.
"""
