"""What is left on the practitioner's table: the visit report, typeset by Typst to a tagged PDF."""
