"""Slip codes: found in what scanners send, and wrong when a digit is."""

import random

from hypothesis import given
from hypothesis import strategies as st

from cardqueue.lib.slip_code import find_code, format_code, is_valid, new_code

CODES = st.integers(0, 10**6).map(lambda seed: new_code(random.Random(seed)))


@given(CODES, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_never_passes(code: str, place: int, by: int) -> None:
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert is_valid(code)
    assert not is_valid(wrong)


@given(CODES, st.integers(0, 14))
def test_two_swapped_neighbours_never_pass(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_valid(swapped) == (swapped == code)


@given(CODES, CODES)
def test_a_code_is_found_in_whatever_a_scanner_sends(code: str, earlier: str) -> None:
    assert find_code(format_code(code)) == code
    assert find_code(f"HTTPS://HOST:8000/Q/{code}\r\n") == code
    assert find_code(f"{earlier}{code}") == code
    assert find_code(f"{earlier} rồi {format_code(code)} ") == code
    assert find_code(f"Bàn 2 {format_code(code)}") == code
    assert find_code(f"{code} 12") == code


def test_what_is_no_code_is_not_found() -> None:
    assert find_code("") is None
    assert find_code("khong phai ma 1234 5678 9012 3456") is None
    assert not is_valid("１" * 16)
    assert not is_valid("12")
