# Lists the corpus as GNU tar reads it: list-gnu-tar.py DIRECTORY
import os
import re
import subprocess
import sys
import tempfile
from datetime import datetime
from decimal import Decimal

import listing

ENTRY = re.compile(rb"(.)(\S{9}).? +(-?\d+)/(-?\d+) +(\d+(?:,\d+)?) (?:(-?\d+-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?|(-?\d+)) +(.*)", re.DOTALL)
KINDS = {b"-": "file", b"d": "directory", b"l": "symlink", b"h": "hardlink", b"c": "char", b"b": "block", b"p": "fifo", b"C": "file"}
# A hole at the end does not get to the command: what is missing are zeros, or the content was cut off, which the exit code tells.
HASH = """cat >"$OUT"; stat -c %s-$TAR_SIZE "$OUT"; [ "$TAR_SIZE" -gt 1000000 ] || truncate -s "$TAR_SIZE" "$OUT"; sha256sum <"$OUT" | cut -c 1-16"""
EMPTY = "e3b0c44298fc1c14"
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ["PATH"]}


def unquote(text):
    simple = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v", b"\\": b"\\", b" ": b" "}
    return re.sub(rb"\\([0-7]{3}|.)", lambda m: simple.get(m[1]) or bytes([int(m[1], 8)]), text)


def mode(text):
    bits = sum(1 << (8 - i) for i, letter in enumerate(text.decode()) if letter not in "-ST")
    return bits | (0o4000 if text[2:3] in b"sS" else 0) | (0o2000 if text[5:6] in b"sS" else 0) | (0o1000 if text[8:9] in b"tT" else 0)


def since_1970(day, clock):
    year, rest = day.decode().rsplit("-", 2)[0], day.decode().rsplit("-", 2)[1:]
    # Python's years end at 9999; the calendar repeats itself every 400.
    cycles, year = divmod(int(year) - 2000, 400)
    then = datetime.fromisoformat(f"{year + 2000}-{'-'.join(rest)}T{clock.decode()}+00:00")
    return int(then.timestamp()) + cycles * 146097 * 86400


def tar(archive, *options):
    return subprocess.run(["tar", "--file", archive, *options], capture_output=True, env=ENVIRONMENT, stdin=subprocess.DEVNULL)


def list_archive(content):
    with tempfile.TemporaryDirectory() as directory:
        archive = os.path.join(directory, "archive")
        with open(archive, "wb") as file:
            file.write(content)
        listed = tar(archive, "--list", "--verbose", "--numeric-owner", "--full-time", "--utc", "--quoting-style=escape")
        # The command runs once for each file that is extracted, in order.
        hashed = tar(archive, "--extract", f"--to-command=OUT={directory}/content; {HASH}", "--absolute-names", "--directory", directory)
        words = hashed.stdout.decode().split()
        hashes = [hash if hashed.returncode == 0 or len(set(sizes.split("-"))) == 1 else "-" for sizes, hash in zip(words[::2], words[1::2])]
        for text in listed.stdout.split(b"\n")[:-1]:
            match = ENTRY.fullmatch(text)
            if not match:
                yield f"# {text.decode('ascii', 'replace')}"
                continue
            letter, bits, owner, group, size, day, clock, fraction, far, name = match.groups()
            kind = KINDS.get(letter, "other")
            name = re.sub(rb"--(Volume Header|Continued at byte \d+)--$| unknown file type '.'$", b"", name)
            name, _, target = name.partition(b" -> " if kind == "symlink" else b" link to ")
            seconds = int(far) if far else since_1970(day, clock)
            # Before 1970 it shows what is left to the next second as if it were what has passed of this one.
            exact = Decimal(seconds) + (-1 if seconds < 0 else 1) * Decimal((fraction or b"0").decode())
            # What it does not know, it takes for a file; labels have no content, and that of other volumes' files it skips.
            has_content = kind == "file" or letter == b"?"
            sha256 = EMPTY if letter == b"V" else hashes.pop(0) if has_content and hashes else "-"
            yield listing.line(kind, mode(bits), int(owner), int(group), size.decode() if has_content else 0, exact, sha256, unquote(name), unquote(target))
        if listed.returncode:
            yield "error"


if __name__ == "__main__":
    listing.main(list_archive)
