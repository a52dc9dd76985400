from itertools import count

from silian.kernel.accounts.models import User

numbers = count(1)


def make_user(name: str = "", **fields: object) -> User:
    number = next(numbers)
    return User.objects.create(username=f"user{number}", name=name or f"Person {number}", **fields)
