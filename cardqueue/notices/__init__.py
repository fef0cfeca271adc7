"""Step 6: what each cell has to be told; handed over on paper or pasted by a person, never sent by itself."""
