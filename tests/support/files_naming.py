# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Prints the files that have one of some words: files_naming.py WORDS PATH...

WORDS are parted by |. One in small letters is found in either case, one with a capital as it stands: "acme" is how the
fourth byte of 256 is read aloud, so it stands in many a fingerprint. Base64 is left out: among the letters of keys and
signatures a word of four stands by chance once in a million places, and a log has many.
"""
import os
import re
import sys

LONG = re.compile(rb'[A-Za-z0-9+/]{40,}={0,2}')


def unless_base64(run):
    text = run.group()
    mixed = all(re.search(kind, text) for kind in (rb'[A-Z]', rb'[a-z]', rb'[0-9]'))
    return b' ' if mixed else text


def files(path):
    if not os.path.isdir(path):
        return [path]
    return [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]


def has(text, word):
    return word in (text.lower() if word.islower() else text)


def naming(words, path):
    """The files at `path`, or below it, that have one of the words."""
    found = []
    for name in files(path):
        with open(name, 'rb') as file:
            text = LONG.sub(unless_base64, file.read())
        found += [name] if any(has(text, word.encode()) for word in words.split('|')) else []
    return found


def main():
    found = []
    for path in sys.argv[2:]:
        if not os.path.exists(path):
            sys.exit(path + ' is not there')
        found += naming(sys.argv[1], path)
    print(*sorted(found), end='')


if __name__ == '__main__':
    main()
