"""How well and how fast rosters are matched with registries: invented people, many kinds of mistakes, known answers.

people    a registry with namesakes, twins and brothers and sisters
mistakes  what Excel, phones, typists, namesakes and old documents do to a row
files     both as the CSV files of `cardqueue match`, with the answers beside them
adversary a second generator, of other people and other mistakes, that nothing was ever tuned on
judging   decisions against answers: wrong persons, recall, fields, duplicates, calibration
anchors   the quick ways: an exact join, and an exact join with rapidfuzz behind it
splinked  a third anchor, Splink, which has an environment of its own: `make bench-splink`
measuring what `make bench` prints
"""
