from itertools import count

from silian.kernel.accounts.models import User

numbers = count(1)


def make_user(name: str = "", **fields: object) -> User:
    number = next(numbers)
    facts = {"username": f"user{number}", "name": name or f"Person {number}"}
    return User.objects.create(**(facts | fields))
