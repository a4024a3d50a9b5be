"""Where every figure in the documentation comes from. `make benchmark` prints them all.

Machines are noisy, so each figure is a ratio of two things measured in turn in the same run, or a time that says
what it holds.
"""
