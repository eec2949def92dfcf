"""examsrv: computer-based examinations for occupational skill-level certificates."""
