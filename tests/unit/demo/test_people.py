"""The demo commune: its shape, its people, and numbers that are nobody's."""

from collections import Counter

import pytest

from cardqueue.demo.draws import stream
from cardqueue.demo.names import highland_name
from cardqueue.demo.numbers import NEVER_ISSUED_PREFIXES, STRANGE_PREFIX
from cardqueue.demo.people import AS_OF, Commune, make_commune, make_residents
from cardqueue.lib.citizen_id import ISSUED_PREFIXES, Sex, birth_year_of, sex_of
from cardqueue.lib.names import clean


@pytest.fixture(scope="module")
def commune() -> Commune:
    return make_commune(1)


def test_the_commune_has_365_members_in_26_cells_of_5_to_40(commune: Commune) -> None:
    sizes = Counter(member.cell.number for member in commune.members)
    assert len(commune.members) == 365
    assert len(sizes) == len(commune.cells) == 26
    assert all(5 <= size <= 40 for size in sizes.values())
    assert [sizes[cell.number] for cell in commune.cells] == [cell.member_count for cell in commune.cells]
    assert {cell.kind for cell in commune.cells} == {
        "village", "school", "office", "health", "police", "military", "retired",
    }  # fmt: skip


def test_nine_people_stand_outside_the_count(commune: Commune) -> None:
    assert Counter(person.status for person in commune.outside) == {"probationary": 5, "deceased": 2, "left": 2}
    assert all(p.official_on is None and not p.card_no for p in commune.outside if p.status == "probationary")


def test_the_same_seed_gives_the_same_people_and_another_seed_others(commune: Commune) -> None:
    assert make_commune(1) == commune
    assert make_residents(make_commune(1), 50) == make_residents(commune, 50)
    assert make_commune(2).people != commune.people


def test_the_people_of_a_seed_never_change() -> None:
    # Published examples, screenshots and benchmarks name these people; on every platform and Python they are the same.
    first = make_commune(1).people[0]
    assert (first.full_name, first.citizen_id) == ("Nguyễn Kim Linh", "009187070547")


@pytest.mark.parametrize("seed", range(1, 6))
def test_every_number_agrees_with_its_person_and_is_carried_once(seed: int) -> None:
    commune = make_commune(seed)
    everybody = [*commune.people, *make_residents(commune, 500)]
    for person in everybody:
        assert sex_of(person.citizen_id) is person.sex
        assert birth_year_of(person.citizen_id) == person.birth_on.year
        assert person.full_name == clean(person.full_name)
    assert len({person.citizen_id for person in everybody}) == len(everybody)
    cards = [member.card_no for member in commune.people if member.card_no]
    assert len(set(cards)) == len(cards)


def test_no_prefix_of_the_demo_was_ever_issued() -> None:
    assert not ISSUED_PREFIXES.keys() & {*NEVER_ISSUED_PREFIXES, STRANGE_PREFIX}


def test_dates_follow_one_another(commune: Commune) -> None:
    for member in commune.members:
        assert 20 <= member.age <= 95
        assert member.official_on is not None
        assert member.joined_on.year - member.birth_on.year >= 16
        assert member.joined_on < member.official_on <= AS_OF


def test_villages_are_old_and_some_know_only_their_year(commune: Commune) -> None:
    villagers = [member for member in commune.members if member.cell.kind == "village"]
    assert sum(member.age >= 70 for member in villagers) > len(villagers) // 5
    assert any(member.is_year_only and member.birth_on.year < 1946 for member in commune.members)


def test_there_are_twins_and_namesakes(commune: Commune) -> None:
    names = Counter(member.full_name for member in commune.people)
    born = Counter((m.birth_on, m.citizen_id[:6], m.full_name.split()[0]) for m in commune.people if not m.is_year_only)
    assert max(names.values()) >= 2
    assert max(born.values()) >= 2


def test_residents_share_names_with_members(commune: Commune) -> None:
    residents = {resident.full_name for resident in make_residents(commune, 3000)}
    assert len(residents & {member.full_name for member in commune.members}) > 20


def test_highland_names_are_drawn() -> None:
    rng = stream(1, "test")
    names = {highland_name(rng, sex) for sex in Sex for _ in range(2000)}
    assert {"K’Brèo", "H’Bia Êban"} <= names


def test_every_cell_has_a_secretary_who_counts_and_has_a_telephone(commune: Commune) -> None:
    people = {person.key: person for person in commune.people}
    for cell in commune.cells:
        secretary = people[cell.secretary_key]
        assert secretary.cell.number == cell.number
        assert secretary.status == "official"
        assert secretary.phone.startswith("05700")


def test_a_province_of_members_gets_more_cells_with_names_of_their_own() -> None:
    commune = make_commune(1, members=3000)
    assert len(commune.members) == 3000
    assert len({cell.name for cell in commune.cells}) == len(commune.cells) == 214


def test_members_that_do_not_fit_into_the_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="choose between 4 and 30 cells"):
        make_commune(1, members=150, cells=50)
