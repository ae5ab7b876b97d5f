"""Backups of database and keys, sealed to a recovery key; bringing them back; trying that out.

sealing    the file: a stream that whoever lacks the recovery key can neither read nor change
recovery   the recovery key: a code on paper, and its public half in the settings
manifest   what a backup says about itself, and what a present database would lose by it
engines    SQLite and PostgreSQL: taking a dump, opening one beside, putting one in place
keeping    which older backups stay
making     `manage.py backup`
restoring  `manage.py restore`, and its drill
"""
