"""`python -m examsrv.cli`."""

from examsrv.cli import main

main()
