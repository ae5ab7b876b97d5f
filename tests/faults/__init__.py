"""What happens when parts fail, tried with real processes: `make faults`, or one by its name.

Each module breaks one part (web, worker, broker, database, mail server, disk) while people sign.
What they were told is kept on their side (`ledger.py`) and looked for at the end.
"""
