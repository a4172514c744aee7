"""How the network that draws one curve of a plot area alone is trained.

From the pixels of a plot area, the ink of one curve, the ground and the inks of the other curves, the network tells for
every pixel whether the line of that curve passes there, even where another curve, a marker or a gap of a dash hides it
(amodal segmentation; Li and Malik 2016). It learns from plot areas whose curves are known: some are drawn here at
random (`panels`), some cut out of pictures with their truth (`cases`).
"""
