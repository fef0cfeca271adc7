"""Step 5: appointment slips with QR, and lists on paper."""
