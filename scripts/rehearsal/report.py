"""The one table a rehearsal ends with, made for a terminal of 80 columns."""
import textwrap

import matrix

HEADINGS = ("key type", "wrapping algorithm", "token", "method", "custody", "bytes", "result")
WIDTH = 80
# What Google's algorithm says beyond the key's type, where one type has several uses there.
USES = {"google-symmetric-encryption": "google", **{mode: mode for mode in ("gcm", "cbc", "ctr", "oaep", "pss", "pkcs1")}}
SHORT = {"host-ephemeral": "host", "consistent but not proven": "no proof"}
LEGEND = ("rsa-aes: RSA_AES_KEY_WRAP, RSA-OAEP of an ephemeral AES key and AES-KWP of the key; oaep: RSAES_OAEP of the "
          "key itself; then the hash, and the size of the wrapping key")


def _wrapping(row):
    return f"{row.scheme} {row.digest} {row.wrapping_bits}"


def _key(row):
    """The key's type; where the cloud has several uses for it, the use."""
    name = row.key_type.replace("generic-secret-", "secret-").replace("-bytes", "")
    if row.provider != matrix.GOOGLE:
        return name
    use = USES.get(row.cloud_type) or next((USES[word] for word in row.cloud_type.split("-") if word in USES), "")
    return f"{name} {use}".rstrip()


def _result(outcome):
    if outcome.failure:
        return "FAILED"
    if outcome.reasons:
        return "cannot"
    return SHORT.get(outcome.verdict, outcome.verdict)


def _cells(outcome):
    size = str(outcome.size) if outcome.size else ""
    return (_key(outcome.row), _wrapping(outcome.row), outcome.token, SHORT.get(outcome.method, outcome.method),
            SHORT.get(outcome.custody, outcome.custody), size, _result(outcome))


def _table(sections):
    """`sections`: (title, rows of cells). One table, a title before the rows of each cloud."""
    every = [HEADINGS, *(row for _, rows in sections for row in rows)]
    widths = [max(len(row[column]) for row in every) for column in range(len(HEADINGS))]

    def line(row):
        return "  ".join(cell.rjust(width) if heading == "bytes" else cell.ljust(width)
                         for cell, width, heading in zip(row, widths, HEADINGS)).rstrip()

    yield line(HEADINGS)
    yield line(tuple("-" * width for width in widths))
    for title, rows in sections:
        yield ""
        yield title
        yield from map(line, rows)


def _hanging(text):
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="      ",
                         break_on_hyphens=False)


def _explanations(outcomes):
    yield ""
    yield _hanging(LEGEND)
    if any(outcome.custody == "host-ephemeral" for outcome in outcomes):
        yield _hanging("custody host: the AES transport key existed in host memory, because no token here does this "
                       "transport inside; the key itself never left its token unwrapped")
    if any(outcome.verdict == "consistent but not proven" for outcome in outcomes):
        yield _hanging("no proof: imported, but Google answers nothing from which a stranger could tell the key; "
                       "verify-import says so and exits 7")
    unverified = sorted({f"{outcome.row.provider} {_key(outcome.row)} {outcome.row.scheme}"
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
    by_cloud = [(title, [_cells(outcome) for outcome in outcomes if outcome.row.provider == provider])
                for provider, title in matrix.TITLES.items()]
    print("\n" + "\n".join(_table([section for section in by_cloud if section[1]])))
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
