
import platform
import re
import sys

FULL = "%d.%d.%d" % sys.version_info[:3]
VARIABLES = {
    "python_version": "%d.%d" % sys.version_info[:2],
    "python_full_version": FULL,
    "implementation_version": FULL,
    "implementation_name": sys.implementation.name,
    "platform_python_implementation": platform.python_implementation(),
    "platform_machine": platform.machine(),
    "platform_release": platform.release(),
    "platform_version": platform.version(),
}
SIGNS = re.compile(r"(===|~=|==|!=|<=|>=|<|>)\s*(.+)")


def release(text):
    numbers = re.match(r"v?(?:[0-9]+!)?([0-9]+(?:\.[0-9]+)*)", text)
    return [int(number) for number in numbers.group(1).split(".")] if numbers else []


def compare(actual, sign, wanted):
    if sign == "===":
        return actual == wanted
    have, want = release(actual), release(wanted)
    if wanted.endswith(".*"):
        return (have[: len(want)] == want) == (sign == "==")
    if sign == "~=":
        return have >= want and have[: len(want) - 1] == want[:-1]
    size = max(len(have), len(want))
    have += [0] * (size - len(have))
    want += [0] * (size - len(want))
    return {
        "==": have == want,
        "!=": have != want,
        "<": have < want,
        "<=": have <= want,
        ">": have > want,
        ">=": have >= want,
    }[sign]


def holds(variable, sign, wanted):
    actual = VARIABLES.get(variable, "")
    if sign == "in":
        return actual in wanted
    if sign == "not in":
        return actual not in wanted
    if sign == "in turned":
        return wanted in actual
    if sign == "not in turned":
        return wanted not in actual
    if variable.endswith("_version") and variable != "platform_version":
        return compare(actual, sign, wanted)
    return (actual != wanted) if sign == "!=" else (actual == wanted)


def refuse(reason):
    sys.exit(
        "error: the lock that requirements names %s, and this is Python %s on %s (%s). Use another base image,"
        " or lock for this Python, too."
        % (reason, FULL, platform.machine(), sys.executable)
    )


if not all(compare(FULL, *SIGNS.match(clause).groups()) for clause in REQUIRES):
    refuse("is for Python " + ",".join(REQUIRES))
if ENVIRONMENTS and not any(
    all(holds(*condition) for condition in conditions)
    for alternatives in ENVIRONMENTS
    for conditions in alternatives
):
    refuse("is for other environments")
