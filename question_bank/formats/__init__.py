"""Files of items, one format each. Readers report every fault with its place and raise nothing, whatever the file holds."""
