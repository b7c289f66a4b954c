"""The tabs of the catalogue: cards, comparison, figures."""
