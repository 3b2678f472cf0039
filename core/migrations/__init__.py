"""Numbered steps of the schema. None imports the models: yesterday's step must not change today."""
