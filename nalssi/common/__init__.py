"""What every package of nalssi stands on: Korea's names and signs, ids, files, safe text."""
