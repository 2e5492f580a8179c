"""Mutation testing: put small faults into the code, one at a time; the tests must notice them.

`make mutants` runs it. A mutant is code with one fault. It is killed if a test fails, and survives
if no test fails.
"""
