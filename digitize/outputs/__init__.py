"""A reading as something else: JSON, tables, words, a picture, a notebook cell, lines on a terminal."""
