"""How well and how fast rosters are matched with registries: invented people, many kinds of mistakes, known answers.

people    a registry with namesakes, twins and brothers and sisters
mistakes  what Excel, phones, typists, namesakes and old documents do to a row
files     both as the CSV files of `cardqueue match`, with the answers beside them
judging   decisions against answers: wrong persons, recall, fields, duplicates, calibration
anchors   the quick ways: an exact join, and an exact join with rapidfuzz behind it
measuring what `make bench` prints
"""
