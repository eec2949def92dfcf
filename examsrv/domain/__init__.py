"""Values and pure functions of the examination. Never asks for the time, the user or chance: it is told."""
