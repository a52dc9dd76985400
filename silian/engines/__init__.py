"""Pure thinking in Python and NumPy: plain data in, plain data out, no Django."""
