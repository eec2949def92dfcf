"""Files for people outside: the forms of the trade."""
