"""A server that holds the candidate's contract in memory and can be told to fail: what the paper's page is driven against."""
