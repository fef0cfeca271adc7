"""PDF pages: fonts that carry every Vietnamese letter, text that fits its frame, a canvas with repeatable bytes.

`fonts` measures and registers, `text` breaks and fits, `page` draws, `qr` draws codes, `paper` sets whole documents.
Everything here is pure: values in, PDF out.
"""
