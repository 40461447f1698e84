# What the listings have in common. A line is: kind mode owner group size time hash name, and of links also -> target.
# "error" is the last line where a reader gives up. The README says what is normalised.
import gzip
import os
import sys
from decimal import ROUND_FLOOR, Decimal


def archives(directory):
    """Yields the name and the uncompressed bytes of every archive."""
    for name in sorted(os.listdir(directory)):
        if name.endswith(".tar.gz"):
            with gzip.open(os.path.join(directory, name)) as archive:
                yield name.removesuffix(".tar.gz"), archive.read()


def escape(text):
    """What is no visible character is written as its bytes in hexadecimal."""
    escaped = ""
    for character in text.decode("utf-8", "surrogateescape"):
        if 0xDC80 <= ord(character) <= 0xDCFF or ord(character) <= 32 or ord(character) == 127 or character == "\\":
            escaped += "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))
        else:
            escaped += character
    return escaped or '""'


def time(seconds):
    """Seconds since 1970, in steps of 100 nanoseconds."""
    text = f"{Decimal(seconds).quantize(Decimal('1e-7'), ROUND_FLOOR):f}"
    return text.rstrip("0").rstrip(".") or "0"


def line(kind, mode, owner, group, size, seconds, sha256, name, target=None):
    if kind == "directory":
        name = name.rstrip(b"/") or b"/"
    size, sha256 = (size, sha256) if kind in ("file", "other") else ("-", "-")
    text = f"{kind} {mode & 0o7777:04o} {owner} {group} {size} {time(seconds)} {sha256} {escape(name)}"
    return text + f" -> {escape(target)}" if kind in ("symlink", "hardlink") else text


def main(list_archive):
    for name, content in archives(sys.argv[1]):
        print(f"== {name}")
        for text in list_archive(content):
            print(text)
