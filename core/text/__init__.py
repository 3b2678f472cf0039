"""What text is to Tuzet: folding, words, quotes, differences, addresses. Pure functions."""
