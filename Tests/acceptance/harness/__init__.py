"""The parts that the acceptance suites are built from."""
