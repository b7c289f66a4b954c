"""The trade in plain Python: values, rules, verdicts. Standard library only."""
