"""What the demo, the tests and the benchmarks share to run and drive a real Home Assistant."""
