"""The one table a rehearsal ends with, at most 100 columns wide."""
import textwrap

import matrix

HEADINGS = ("key type", "wrapping algorithm", "token", "method", "custody", "bytes", "result")
WIDTH = 100
NOTES = {matrix.GOOGLE: " (wrapping algorithms without their rsa-oaep- in front)"}
SHORT = {"host-ephemeral": "host", "consistent but not proven": "not provable"}


def _wrapping(row):
    """AWS: the name with the size of the wrapping key. Azure has one. Google's names all begin alike, which is left
    out for width."""
    if row.provider == matrix.AWS:
        return f"{row.algorithm} {row.wrapping_bits}"
    if row.provider == matrix.AZURE:
        return f"RSA_AES SHA-1 {row.wrapping_bits}"
    return row.algorithm.removeprefix("rsa-oaep-")


def _key(row):
    """The key's type; where the cloud has several uses for it, the use."""
    name = row.key_type.replace("generic-secret-", "secret-").replace("-bytes", "")
    return row.cloud_type if row.provider == matrix.GOOGLE else name


def _result(outcome):
    if outcome.failure:
        return "FAILED"
    if outcome.reasons:
        return "not possible"
    return SHORT.get(outcome.verdict, outcome.verdict)


def _cells(outcome):
    size = str(outcome.size) if outcome.size else ""
    return (_key(outcome.row), _wrapping(outcome.row), outcome.token, SHORT.get(outcome.method, outcome.method),
            SHORT.get(outcome.custody, outcome.custody), size, _result(outcome))


def _table(rows):
    widths = [max(len(row[column]) for row in (HEADINGS, *rows)) for column in range(len(HEADINGS))]
    for row in (HEADINGS, tuple("-" * width for width in widths), *rows):
        yield "  ".join(cell.rjust(width) if heading == "bytes" else cell.ljust(width)
                        for cell, width, heading in zip(row, widths, HEADINGS)).rstrip()


def _hanging(text):
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="      ")


def _explanations(outcomes):
    yield ""
    if any(outcome.custody == "host-ephemeral" for outcome in outcomes):
        yield _hanging("custody host: the AES transport key existed in host memory, because no token here does this "
                       "transport inside; the key itself never left its token unwrapped")
    if any(outcome.verdict == "consistent but not proven" for outcome in outcomes):
        yield _hanging("not provable: imported, but Google answers nothing from which a stranger could tell the key; "
                       "verify-import says so and exits 7")
    unverified = sorted({f"{outcome.row.provider} {_key(outcome.row)} {outcome.row.scheme.upper()}"
                         for outcome in outcomes if outcome.row.unverified and outcome.verdict})
    if unverified:
        yield _hanging("no document of the cloud confirms (done under --allow-unverified): " + ", ".join(unverified))


def _not_done(outcomes, refused):
    """One line per reason, the rows it concerns behind it."""
    grouped = {}
    for outcome in outcomes:
        if outcome.reasons:
            what = f"{outcome.row.provider} {_key(outcome.row)} {_wrapping(outcome.row)}"
            grouped.setdefault("; ".join(outcome.reasons), []).append(what)
    lines = [f"{', '.join(rows)}: {reason}" for reason, rows in grouped.items()]
    return lines + refused


def print_report(outcomes, refused, elapsed):
    """`refused`: lines about key types that a token does not make. Returns the number of failed rows."""
    for provider, title in matrix.TITLES.items():
        rows = [_cells(outcome) for outcome in outcomes if outcome.row.provider == provider]
        if rows:
            print(f"\n{title}{NOTES.get(provider, '')}\n")
            print("\n".join("  " + line for line in _table(rows)))
    for line in _explanations(outcomes):
        print(line)
    not_done = _not_done(outcomes, refused)
    if not_done:
        print("\nWhat could not be done, and why\n")
        for line in not_done:
            print(_hanging(line))
    failed = [outcome for outcome in outcomes if outcome.failure]
    if failed:
        print("\nFailures\n")
        for outcome in failed:
            print(_hanging(f"{outcome.row.name}: {outcome.failure} {'; '.join(outcome.reasons)}"))
    done = sum(1 for outcome in outcomes if outcome.verdict and not outcome.failure)
    impossible = sum(1 for outcome in outcomes if outcome.reasons and not outcome.failure)
    print(f"\n{done} imports done, {impossible} not possible with these tokens, {len(failed)} failed "
          f"({elapsed:.0f} s)")
    return len(failed)
