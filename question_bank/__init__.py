"""What may be asked: standards, items, kinds, packs. Knows nothing of examinations, web or database."""
