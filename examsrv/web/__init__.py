"""What all pages share: access, clock, errors, sessions, translation."""
