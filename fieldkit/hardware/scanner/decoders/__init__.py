"""Decoders of QR codes and Data Matrix, each behind the same seam (`seam.Decoder`), and the order they come in."""
