"""The rules of the standard, each once: what its figures mean. Pure, standard library only."""
