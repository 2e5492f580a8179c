"""Code that every package of nalssi may use: names and symbols, ids, Korean time, files, text."""
