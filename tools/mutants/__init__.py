"""Small faults, put into the code one at a time, that the tests must notice (`make mutants`)."""
