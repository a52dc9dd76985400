"""Identity numbers that nobody holds: the first six digits, 000000, name no place."""

from stdnum.cn import ric


def id_number(serial: int = 1, born: str = "20080501") -> str:
    first17 = f"000000{born}{serial:03}"
    return first17 + str(ric.calc_check_digit(first17 + "0"))
