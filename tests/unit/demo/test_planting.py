"""Planted errors: every kind of the catalogue, labelled, and one at most per member."""

from collections import Counter

import pytest

from cardqueue.demo.errors import KINDS, Planting
from cardqueue.demo.people import make_commune, make_residents
from cardqueue.demo.planting import Office, plant
from cardqueue.demo.story import PENDING_COUNTS, evening_pending
from cardqueue.lib.citizen_id import read_citizen_id
from cardqueue.lib.names import NameLevel, compare_names

# The codes of the reading rules that a list alone can break, and the ones that need what the commune already knows.
CATALOGUE = {
    "ID_MISSING", "ID_LENGTH", "ID_LEADING_ZERO", "ID_OLD_CMND", "ID_DUP", "ID_PREFIX", "SEX_MISMATCH", "YEAR_MISMATCH",
    "DOB_PARTIAL", "DOB_SWAP", "AGE", "CELL_UNKNOWN", "CELL_MOVED", "CARD_FORMAT", "STATUS",
}  # fmt: skip
LEVELS = {
    "NAME_TONE_PLACE": NameLevel.SAME,
    "NAME_TCVN3": NameLevel.SAME,
    "NAME_NFD": NameLevel.SAME,
    "NAME_SPACES": NameLevel.SAME,
    "NAME_ETH": NameLevel.SAME,
    "NAME_IY": NameLevel.VARIANT_IY,
    "NAME_NO_MARKS": NameLevel.DIACRITICS_DIFFER,
    "NAME_WRONG_MARK": NameLevel.DIACRITICS_DIFFER,
    "NAME_TYPO": NameLevel.DIFFERENT,
    "NAME_OTHER_MIDDLE": NameLevel.DIFFERENT,
    "NAME_NO_MIDDLE": NameLevel.DIFFERENT,
}


def office_of(seed: int, members: int = 365, residents: int = 3000, planting: Planting | None = None) -> Office:
    commune = make_commune(seed, members=members)
    return plant(commune, make_residents(commune, residents), planting or Planting())


@pytest.fixture(scope="module")
def office() -> Office:
    return office_of(1)


def test_every_code_of_the_catalogue_has_a_kind() -> None:
    codes = {code for kind in KINDS.values() for code in kind.codes.split("|")}
    assert codes >= CATALOGUE


@pytest.mark.parametrize("seed", range(1, 9))
def test_every_kind_is_planted_as_often_as_asked(seed: int) -> None:
    planted = office_of(seed).planted
    assert planted.keys() == KINDS.keys()
    on_two_rows = {"ID_DUP", "ROW_DUPLICATED", "ROW_IN_TWO_CELLS"}
    for name, kind in KINDS.items():
        if kind.count:
            assert len(planted[name]) == kind.count * (2 if name in on_two_rows else 1), name


def test_a_member_carries_one_planted_error_and_nobody_outside_the_count_any(office: Office) -> None:
    for entry in office.entries:
        planted = [label for label in entry.labels if KINDS[label.kind].count]
        assert len(planted) <= 1
        assert entry.member.is_eligible or not planted


def test_the_same_seed_plants_the_same_errors(office: Office) -> None:
    again = office_of(1)
    assert again.entries == office.entries
    assert again.population == office.population


def test_a_planted_number_reads_as_its_label_says(office: Office) -> None:
    for entry in office.entries:
        problems = {str(problem) for problem in read_citizen_id(entry.citizen_id).problems} - {"ID_PREFIX"}
        codes = {code for label in entry.labels if label.field == "citizen_id" for code in label.codes.split("|")}
        assert problems == codes & {"ID_MISSING", "ID_LENGTH", "ID_OLD_CMND", "ID_LEADING_ZERO"}, entry.member.key


def test_a_planted_name_differs_as_far_as_its_kind_says(office: Office) -> None:
    for entry in office.entries:
        kinds = [label.kind for label in entry.labels if label.kind in LEVELS]
        level = compare_names(entry.full_name, entry.member.full_name)
        assert level is (LEVELS[kinds[0]] if kinds else NameLevel.IDENTICAL), entry.full_name


def test_a_wrong_number_is_nobodys_unless_the_kind_says_so(office: Office) -> None:
    carried = {record.citizen_id for record in office.population}
    for entry in office.entries:
        kinds = {label.kind for label in entry.labels}
        if kinds & {"ID_ONE_DIGIT", "ID_TRANSPOSED", "ID_PREFIX"}:
            assert entry.citizen_id not in carried
        if "ID_OTHER_PERSON" in kinds:
            assert entry.citizen_id in carried


def test_the_population_holds_everybody_but_the_dead_and_the_unfound(office: Office) -> None:
    keys = Counter(record.key for record in office.population)
    missing = {person.key for person in office.commune.people} - keys.keys()
    dead = {person.key for person in office.commune.people if person.status == "deceased"}
    assert missing == dead | set(office.planted["POP_NOT_FOUND"])
    numbers = Counter(record.citizen_id for record in office.population)
    assert [count for count in numbers.values() if count > 1] == [2]


def test_flawless_lists_carry_only_what_is_true_and_unusual() -> None:
    planted = office_of(1, residents=0, planting=Planting.none()).planted
    assert planted.keys() == {"DOB_PARTIAL", "JOINED_UNDER_18", "STATUS"}


def test_errors_grow_with_the_commune_and_never_vanish() -> None:
    assert Planting().scaled(3650)["ID_MISSING"] == 30
    assert Planting().scaled(60)["ID_MISSING"] == 1
    assert Planting({"ID_MISSING": 0}).scaled(365) == {}


def test_an_error_that_fits_nobody_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="nobody is left to plant ID_OTHER_PERSON"):
        office_of(1, residents=0)


@pytest.mark.parametrize("seed", range(1, 5))
def test_forty_one_members_are_pending_in_the_evening(seed: int) -> None:
    office = office_of(seed)
    pending = evening_pending(office)
    assert Counter(pending.values()) == PENDING_COUNTS
    assert len(office.commune.members) - len(pending) == 324
    assert pending.keys() <= {member.key for member in office.commune.members}
    assert {key for key, reason in pending.items() if reason == "ID_MISSING"} == set(office.planted["ID_MISSING"])
