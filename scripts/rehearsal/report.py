"""What a rehearsal ends with, made for a terminal of 80 columns: one table, then approvals, tenants, rotations and
transcripts."""
import os
import textwrap
from typing import NamedTuple

import matrix

HEADINGS = ("key type", "wrapping algorithm", "token", "method", "custody", "bytes", "result")
WIDTH = 80
# What Google's algorithm says beyond the key's type, where one type has several uses there.
USES = {"google-symmetric-encryption": "google", **{mode: mode for mode in ("gcm", "cbc", "ctr", "oaep", "pss", "pkcs1")}}
SHORT = {"host-ephemeral": "host", "consistent but not proven": "no proof"}
FORMS = {"ssh": "SSH key", "cms": "certificate"}
LEGEND = ("rsa-aes: RSA_AES_KEY_WRAP, RSA-OAEP of an ephemeral AES key and AES-KWP of the key; oaep: RSAES_OAEP of the "
          "key itself; then the hash, and the size of the wrapping key")


class Rehearsed(NamedTuple):
    outcomes: list
    refused: list   # lines about key types that a token does not make
    approved: list  # approved_import.Approved
    tenants: list   # tenant_keys.TenantKey
    rotated: list   # rotations.Rotated
    shredded: list  # shreds.Shredded
    held: object    # ceremonies.Held
    verified: list  # transcripts.Verified

    def failures(self):
        """One line for each thing that went otherwise than it should."""
        wrong = [f"{outcome.row.name}: {outcome.failure} {'; '.join(outcome.reasons)}"
                 for outcome in self.outcomes if outcome.failure]
        wrong += [f"{one.outcome.row.name}, approved: {one.outcome.failure}"
                  for one in self.approved if one.outcome.failure]
        wrong += [f"tenant {one.tenant}: {one.failure}" for one in self.tenants if one.failure]
        wrong += [f"rotation of {one.tenant}: {one.failure}" for one in self.rotated if one.failure]
        wrong += [f"shred of {one.tenant}: {one.failure}" for one in self.shredded if one.failure]
        wrong += [f"ceremony {self.held.name}: {self.held.failure}"] if self.held.failure else []
        return wrong + [f"transcript of {one.name}: {one.failure}" for one in self.verified if one.failure]


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
    return (_key(outcome.row), _wrapping(outcome.row), outcome.site, SHORT.get(outcome.method, outcome.method),
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


def _approvals(approved):
    for one in approved:
        if not one.outcome.failure:
            people = ", ".join(f"{identity} by {FORMS[form]}" for identity, form in one.by)
            yield _hanging(f"{one.outcome.row.provider} {_key(one.outcome.row)}: waited (exit 7), one approval was not "
                           f"enough (7), done with {people}: {one.outcome.verdict}")


def _tenants(tenants):
    for one in tenants:
        if not one.failure:
            places = ", ".join(f"{provider} {state}" for provider, state in one.places.items())
            yield _hanging(f"{one.tenant}: {places}; {one.data_keys} data keys were issued, and each was given out as "
                           "the cloud's copy of the tenant's key opens it")


def _rotations(rotated):
    for one in rotated:
        if not one.failure:
            places = ", ".join(f"{provider} {state}" for provider, state in one.places.items())
            yield _hanging(f"{one.tenant}: version 2 is {places}; {one.moved} data keys were moved to it and are what they "
                           "were; what was encrypted before opens, and what is encrypted now is under version 2")


def _shreds(shredded, folder):
    for one in shredded:
        if not one.failure:
            places = ", ".join(f"{provider} {' and '.join(states)}" for provider, states in one.places.items())
            yield _hanging(f"{one.tenant}: two officers approved; a fresh process finds no version of its key in the token, "
                           f"{one.data_keys} wrapped data keys left the registry, the clouds answer: {places}; the other "
                           "tenant's data keys open as before")
            yield (f"      the certificate ({one.says}), which verify-certificate found right:\n"
                   f"      {os.path.relpath(one.certificate, os.path.dirname(folder))}")
            yield (f"      the report on {one.reported['keys']} keys, made of the {one.reported['entries']} entries of the log:\n"
                   f"      {os.path.relpath(one.report, os.path.dirname(folder))}")


def _ceremony(held, folder):
    if held.failure:
        return
    yield _hanging(f"{held.name}: {held.steps} steps were done by people at a terminal, {held.left_out} need a cloud and were left "
                   "out; verify-ceremony shows by the log that its file was run wholly and in its order")
    for what, name in (("script", "script.html"), ("screen", "screen.txt"), ("minutes", "minutes.html"),
                       ("transcript", "practice/site/transcript")):
        yield f"      {what:<14}  {os.path.relpath(os.path.join(held.folder, name), os.path.dirname(folder))}"


def _transcript(one, folder):
    def shown(path):
        return os.path.relpath(path, os.path.dirname(folder))

    yield _hanging(f"{one.name}: {one.acts} acts are logged in {one.entries} entries, all of them signed. Found right "
                   f"by {', '.join(one.by)}")
    for what, path in (("log", one.log), ("checkpoint", one.checkpoint), ("vkey as noted", one.vkey_file),
                       ("for an auditor", one.auditor)):
        yield f"      {what:<14}  {shown(path)}"
    for line in one.skipped:
        yield _hanging(f"SKIPPED: {line}")


def _chapter(title, lines):
    if lines:
        print(f"\n{title}\n")
        for line in lines:
            print(line)


def print_report(rehearsed, folder, elapsed):
    """`folder`: the rehearsal's. Returns the number of failures."""
    outcomes = rehearsed.outcomes
    by_cloud = [(title, [_cells(outcome) for outcome in outcomes if outcome.row.provider == provider])
                for provider, title in matrix.TITLES.items()]
    print("\n" + "\n".join(_table([section for section in by_cloud if section[1]])))
    for line in _explanations(outcomes):
        print(line)
    _chapter("What could not be done, and why", [_hanging(line) for line in _not_done(outcomes, rehearsed.refused)])
    _chapter("Wraps under a key that was trusted, which two officers must approve",
             list(_approvals(rehearsed.approved)))
    _chapter("Tenants, whose keys wrap data keys", list(_tenants(rehearsed.tenants)))
    _chapter("Rotations of these keys at every cloud", list(_rotations(rehearsed.rotated)))
    _chapter("A tenant that left, whose key was shredded", list(_shreds(rehearsed.shredded, folder)))
    _chapter("A shipped ceremony, rehearsed", list(_ceremony(rehearsed.held, folder)))
    _chapter("Transcripts",
             [line for one in rehearsed.verified if not one.failure for line in _transcript(one, folder)])
    failures = rehearsed.failures()
    _chapter("Failures", [_hanging(line) for line in failures])
    done = sum(1 for outcome in outcomes if outcome.verdict and not outcome.failure)
    impossible = sum(1 for outcome in outcomes if outcome.reasons and not outcome.failure)
    print(f"\n{done} imports done, {impossible} not possible with these tokens, {len(failures)} failed "
          f"({elapsed:.0f} s)")
    return len(failures)
