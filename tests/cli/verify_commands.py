"""Runs the commands of an exported folder's VERIFY.txt as they stand there, in a fresh shell with an almost empty
environment.

usage: verify_commands.py all FOLDER            every command must succeed
       verify_commands.py damaged FOLDER        each file, changed at its start, in its middle and at its end, makes at
                                                least one command fail
       verify_commands.py bound FOLDER NAME...  so does each of these without the commands about SHA256SUMS
       verify_commands.py fails FOLDER WORD     at least one command fails, and says WORD
       verify_commands.py bound-fails FOLDER WORD  one fails and says so without the commands about SHA256SUMS
"""
import os
import shlex
import subprocess
import sys

ALLOWED = {"openssl", "python3", "ssh-keygen", "sh", "sha256sum", "printf", "find", "sed", "sort", "uniq", "tr", "grep",
           "echo", "export"}
# What stands between two commands, and what may stand before the first word of one.
BETWEEN = {"|", "||", "&&", ";", "&", "(", ")"}
BEFORE = {"{", "}", "!"}


def commands(text):
    found, whole = [], ""
    for line in text.split("\n"):
        if line.startswith("    "):
            whole += line + "\n"
            if not line.endswith("\\"):
                found.append(whole)
                whole = ""
    return found


def succeeds(command, folder):
    done = subprocess.run(["sh", "-c", command], cwd=folder, env={"PATH": os.environ["PATH"], "TZ": "Asia/Tokyo"},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode == 0, done.stdout.decode(errors="replace")


def programs(command):
    """The first word of every simple command in a shell command."""
    lexer = shlex.shlex(command.replace("\\\n", " "), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    first, found = True, []
    for word in lexer:
        if word in BETWEEN or set(word) <= set(";|&()"):
            first = True
        elif first and word not in BEFORE and "=" not in word:
            found.append(word)
            first = False
    return found


def run_all(folder, text):
    failed = 0
    listed = commands(text)
    for command in listed:
        for program in programs(command):
            if program not in ALLOWED:
                print("not allowed:", program, "in", command)
                failed += 1
        good, said = succeeds(command, folder)
        if not good:
            print("failed:", command, said)
            failed += 1
    print(f"{len(listed)} commands")
    return failed == 0 and len(listed) > 3


def one_fails(folder, text, word):
    said = [said for good, said in (succeeds(command, folder) for command in commands(text)) if not good]
    if not any(word in one for one in said):
        print("no command failed with", word, "but:", *said, sep="\n")
    return any(word in one for one in said)


def is_noticed(folder, name, at, text_of):
    path = os.path.join(folder, name)
    with open(path, "rb") as file:
        before = file.read()
    changed = bytearray(before)
    changed[at] ^= 1
    with open(path, "wb") as file:
        file.write(changed)
    noticed = any(not succeeds(command, folder)[0] for command in commands(text_of()))
    with open(path, "wb") as file:
        file.write(before)
    if not noticed:
        print(f"byte {at} of {name} was changed, and nothing failed")
    return noticed


def files_in(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder)
                  for place, _, names in os.walk(folder) for name in names)


def main():
    mode, folder, names = sys.argv[1], sys.argv[2], sys.argv[3:]

    def text():
        with open(os.path.join(folder, "VERIFY.txt"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def text_without_sums():
        return "".join(command for command in commands(text()) if "SHA256SUMS" not in command)

    if mode == "all":
        return run_all(folder, text())
    if mode == "fails":
        return one_fails(folder, text(), names[0])
    if mode == "bound-fails":
        return one_fails(folder, text_without_sums(), names[0])
    size = {name: os.path.getsize(os.path.join(folder, name)) for name in files_in(folder)}
    if mode == "damaged":
        return all([is_noticed(folder, name, at, text)
                    for name in size for at in {0, size[name] // 2, size[name] - 1}])
    return all([is_noticed(folder, name, size[name] // 2, text_without_sums) for name in names])


sys.exit(0 if main() else 1)
