# Writes the archives of the corpus that Python's tarfile makes: make-python.py DIRECTORY
import io
import os
import sys
import tarfile

out = sys.argv[1]
tarfile.RECORDSIZE = 512  # no padding to 20 blocks


def member(name, content=b"", **fields):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mtime = 1700000000
    for key, value in fields.items():
        setattr(info, key, value)
    return info, io.BytesIO(content)


COMMON = [
    member("dir", type=tarfile.DIRTYPE, mode=0o755),
    member("dir/file", b"content\n", uid=1000, gid=1001, uname="someone", gname="some"),
    member("link", type=tarfile.SYMTYPE, linkname="dir/file", mode=0o777),
    member("hard", type=tarfile.LNKTYPE, linkname="dir/file"),
    member("null", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
    member("loop", type=tarfile.BLKTYPE, devmajor=7, devminor=0),
    member("pipe", type=tarfile.FIFOTYPE),
    member("contiguous", b"in one piece\n", type=tarfile.CONTTYPE),
]
LONG = [
    member("p" * 90 + "/" + "q" * 90, b"prefix\n"),
    member("r" * 300, b"long\n"),
    member("s", type=tarfile.SYMTYPE, linkname="t" * 200),
    member("u", type=tarfile.LNKTYPE, linkname="r" * 300),
    member("ä-ß-漢", b"unicode\n"),
]
NUMBERS = [
    member("negative-time", b"x", mtime=-1000000),
    member("late", b"x", mtime=2**40),
    member("owner", b"x", uid=2**31, gid=2**32 + 5),
]
RAW = [member(b"latin1-\xe4\xf6.txt".decode("utf-8", "surrogateescape"), b"raw\n")]


def write(name, members, format, encoding="utf-8", **options):
    with tarfile.open(os.path.join(out, name), "w", format=format, encoding=encoding, errors="surrogateescape", **options) as tar:
        for info, content in members:
            content.seek(0)
            tar.addfile(info, content)


FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
for label, format in FORMATS.items():
    write(f"python-{label}-common.tar", COMMON, format)
    write(f"python-{label}-not-utf8.tar", RAW, format)  # in PAX with hdrcharset=BINARY
    if label != "ustar":
        write(f"python-{label}-long.tar", LONG, format)
        write(f"python-{label}-numbers.tar", NUMBERS, format)
write("python-ustar-latin1.tar", [member("äöü", b"x"), member("ß", type=tarfile.SYMTYPE, linkname="äöü")], tarfile.USTAR_FORMAT, encoding="latin-1")
write("python-pax-fractions.tar", [member("half", b"x", mtime=1700000000.5), member("before", b"x", mtime=-1.5)], tarfile.PAX_FORMAT)
write("python-pax-global.tar", [member("a", b"x"), member("b", b"y", pax_headers={"comment": "its own", "VENDOR.key": "a\nb=c"})],
      tarfile.PAX_FORMAT, pax_headers={"comment": "for all", "gname": "grüppe"})
tarfile.RECORDSIZE = 10240
write("python-ustar-padded.tar", COMMON[:2], tarfile.USTAR_FORMAT)
