"""What the standard's figures mean, and nothing else: pure functions, no figure of the standard in the code. Each rule lives in one function."""
