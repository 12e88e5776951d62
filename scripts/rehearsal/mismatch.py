"""What ends a step of the rehearsal that should have gone otherwise."""


class Mismatch(Exception):
    """Something went through that should not have, or came out otherwise than it should."""


def require(condition, message):
    if not condition:
        raise Mismatch(message)
