# Writes the archives of the corpus that no program makes, block by block: make-odd.py DIRECTORY
import os
import sys

out = sys.argv[1]
END = bytes(1024)
USTAR, GNU, V7 = b"ustar\x0000", b"ustar  \x00", bytes(8)


def octal(value, length):
    return b"%0*o\x00" % (length - 1, value)


def base256(value, length):
    encoded = value.to_bytes(length, "big", signed=True)
    return bytes([encoded[0] | 0x80]) + encoded[1:]


def header(name=b"file", type=b"0", size=0, mode=0o644, uid=1, gid=2, mtime=1700000000, link=b"", magic=USTAR, prefix=b"", sum=None, **raw):
    block = bytearray(512)

    def put(at, length, value):
        block[at : at + length] = (octal(value, length) if isinstance(value, int) else value).ljust(length, b"\x00")

    put(0, 100, name)
    put(100, 8, mode)
    put(108, 8, uid)
    put(116, 8, gid)
    put(124, 12, size)
    put(136, 12, mtime)
    put(156, 1, type)
    put(157, 100, link)
    put(257, 8, magic)
    put(345, 155, prefix)
    for at, value in raw.items():
        block[int(at[1:]) : int(at[1:]) + len(value)] = value
    block[148:156] = b" " * 8
    unsigned = __builtins__.sum(block)
    signed = __builtins__.sum(b - 256 if b > 127 else b for b in block)
    block[148:156] = (sum or (lambda u, s: b"%06o\x00 " % u))(unsigned, signed)
    return bytes(block)


def padded(content):
    return content + bytes(-len(content) % 512)


def file(name=b"file", content=b"content\n", **fields):
    return header(name, size=fields.pop("size", len(content)), **fields) + padded(content)


def record(key, value):
    length = len(key) + len(value) + 3
    while len(b"%d %s=%s\n" % (length, key, value)) != length:
        length += 1
    return b"%d %s=%s\n" % (length, key, value)


def pax(*records, type=b"x", name=b"pax", **fields):
    content = b"".join(records)
    return header(name, type, fields.pop("size", len(content)), **fields) + padded(content)


def long(value, type=b"L"):
    return header(b"././@LongLink", type, len(value) + 1, magic=GNU, uid=0, gid=0, mtime=0) + padded(value + b"\x00")


def write(name, *parts, end=END):
    with open(os.path.join(out, f"odd-{name}.tar"), "wb") as archive:
        archive.write(b"".join(parts) + end)


R = record
LAST = file(b"last", b"last\n")

# Numbers.
write("numbers-spaces", file(b"leading", b"12345678", size=b"         10\x00", mode=b"   644 \x00", uid=b"     1 \x00", gid=b"      2\x00", mtime=b"14524710400 "), LAST)
write("numbers-space-then-nul", file(b"v7", b"12345678", size=b"        10 ", mode=b"   644 \x00", uid=b"     1 \x00", mtime=b"14524710400 ", magic=V7), LAST)
write("numbers-no-terminator", file(b"full", b"12345678", size=b"000000000010", mode=b"00000644", uid=b"00000001", gid=b"77777777", mtime=b"014524710400"), LAST)
write("numbers-empty", header(b"empty", mode=bytes(8), uid=bytes(8), gid=bytes(8), mtime=bytes(12), size=bytes(12)), LAST)
write("numbers-blank", header(b"blank", uid=b" " * 8, gid=b"       \x00", mtime=b" " * 12), LAST)
write("numbers-garbage-behind-nul", file(b"behind", b"12345678", size=b"10\x00999999999", uid=b"1\x00zzzzzz"), LAST)
write("numbers-no-octal", header(b"nine", uid=b"0000009\x00"), LAST)
write("numbers-letters", header(b"letters", mtime=b"hello\x00"), LAST)
write("numbers-minus", header(b"minus", mtime=b"-0000000001\x00"), LAST)
write("numbers-size-no-octal", header(b"nine", size=b"00000000009\x00"), LAST)
write("base256-size", file(b"size", b"12345678", size=base256(8, 12)), LAST)
write("base256-owner", header(b"owner", uid=base256(2**40, 8), gid=base256(2**31 - 1, 8)), LAST)
write("base256-negative-time", header(b"before", mtime=base256(-1000000, 12)), LAST)
write("base256-negative-owner", header(b"nobody", uid=base256(-2, 8), gid=base256(-1, 8)), LAST)
write("base256-negative-size", header(b"negative", size=base256(-512, 12)), LAST)
write("base256-size-max", header(b"max", size=base256(2**63 - 1, 12)), LAST)
write("base256-size-beyond", header(b"beyond", size=b"\x80" + b"\xff" * 11), LAST)
write("base256-time-beyond", header(b"beyond", mtime=base256(2**62, 12)), LAST)
write("octal-size-max", header(b"eight", size=b"77777777777\x00"), LAST)
write("mode-with-type", header(b"mode", mode=0o100644), header(b"dir/", b"5", mode=0o040755), LAST)

# Checksums.
write("sum-signed", file(b"\xc3\xa9\xc3\xa4", sum=lambda u, s: b"%06o\x00 " % s), LAST)
write("sum-spaces", file(sum=lambda u, s: b"%7o\x00" % u), LAST)
write("sum-7-digits", file(sum=lambda u, s: b"%07o " % u), LAST)
write("sum-wrong", LAST, file(sum=lambda u, s: b"%06o\x00 " % (u + 1)), LAST)
write("sum-blank", LAST, file(sum=lambda u, s: b" " * 8), LAST)

# Ends.
write("end-empty")
write("end-nothing", end=b"")
write("end-missing", file(), LAST, end=b"")
write("end-one-block", file(), LAST, end=bytes(512))
write("end-zero-block-between", file(), bytes(512), LAST)
write("end-garbage-behind", file(), end=END + b"garbage\n" * 100)
write("end-concatenated", file(), END, LAST)
write("end-in-content", LAST, file(content=b"c" * 2000)[:1024], end=b"")
write("end-in-header", LAST, header()[:300], end=b"")
write("end-in-padding", LAST, file(content=b"c" * 700)[:1212], end=b"")
write("end-before-content", LAST, file(content=b"c" * 700)[:512], end=b"")
write("padding-not-zero", header(size=3) + b"abc" + b"\xff" * 509, LAST)

# Types.
write("type-v7-directory", header(b"dir/", b"\x00", magic=V7), file(b"dir/file", type=b"\x00", magic=V7), LAST)
write("type-0-with-slash", header(b"dir/", b"0"), LAST)
write("type-0-with-slash-and-content", file(b"dir/", b"content\n"), LAST)
write("type-5-with-size", header(b"dir", b"5", size=8), LAST)
write("type-5-with-content", header(b"dir", b"5", size=8), padded(b"content\n"), LAST)
write("type-2-with-size", header(b"link", b"2", size=8, link=b"to"), LAST)
write("type-1-with-size", file(), header(b"hard", b"1", size=8, link=b"file"), LAST)
write("type-1-with-content", file(), file(b"hard", type=b"1", link=b"file"), LAST)
write("type-3-with-size", header(b"null", b"3", size=8), LAST)
write("type-7", file(type=b"7"), LAST)
write("type-unknown", file(b"unknown", type=b"Z"), file(b"unknown", type=b"9"), LAST)
write("type-solaris-acl", file(b"acl", type=b"A"), LAST)
write("type-links-to-nothing", header(b"link", b"2"), header(b"hard", b"1"), LAST)

# Names.
write("name-empty", file(b""), LAST)
write("name-100", file(b"n" * 100), LAST)
write("name-prefix", file(b"n" * 100, prefix=b"p" * 155), LAST)
write("name-prefix-in-gnu", file(b"n", prefix=b"p" * 10, magic=GNU), LAST)
write("name-prefix-in-v7", file(b"n", prefix=b"p" * 10, magic=V7), LAST)
write("name-prefix-with-slash", file(b"n", prefix=b"p/"), LAST)
write("name-star", file(b"n", prefix=b"p" * 130, r476=octal(1700000001, 12), r488=octal(1700000002, 12), r508=b"tar\x00"), LAST)
write("name-star-full-prefix", file(b"n", prefix=b"p" * 131, r476=octal(1700000001, 12), r488=octal(1700000002, 12), r508=b"tar\x00"), LAST)
write("name-dots", file(b"./a/../b/./c"), file(b"/absolute"), file(b"../up"), header(b"./", b"5"), header(b"/", b"5"), header(b"d//", b"5"), LAST)
write("name-not-utf8", file(b"\xff\xfe"), LAST)
write("magic-ustar-no-version", file(magic=b"ustar\x00\x00\x00", prefix=b"p"), LAST)
write("magic-ustar-spaces", file(magic=b"ustar 00", prefix=b"p"), LAST)

# PAX.
write("pax-size", pax(R(b"size", b"8")), file(b"size", size=0), LAST)
write("pax-size-smaller", pax(R(b"size", b"3")), header(b"size", size=8) + padded(b"con"), LAST)
write("pax-size-on-directory", pax(R(b"size", b"8")), header(b"dir", b"5"), LAST)
write("pax-size-on-link", pax(R(b"size", b"8")), header(b"link", b"2", link=b"to"), LAST)
write("pax-path-empty", pax(R(b"path", b"")), file(b"kept"), LAST)
write("pax-linkpath-empty", pax(R(b"linkpath", b"")), header(b"link", b"2", link=b"kept"), LAST)
write("pax-size-empty", pax(R(b"size", b"")), file(b"kept"), LAST)
write("pax-duplicate", pax(R(b"path", b"first"), R(b"path", b"second"), R(b"mtime", b"1"), R(b"mtime", b"2")), file(), LAST)
write("pax-set-then-empty", pax(R(b"path", b"first"), R(b"path", b"")), file(b"kept"), LAST)
write("pax-twice", pax(R(b"path", b"first"), R(b"mtime", b"1")), pax(R(b"path", b"second")), file(), LAST)
write("pax-nul-in-path", pax(R(b"path", b"a\x00b")), file(), LAST)
write("pax-nul-in-comment", pax(R(b"comment", b"a\x00b"), R(b"path", b"named")), file(), LAST)
write("pax-newline-in-path", pax(R(b"path", b"a\nb=c")), file(), LAST)
write("pax-equals-in-value", pax(R(b"path", b"a=b=c")), file(), LAST)
write("pax-path-not-utf8", pax(R(b"path", b"a\xffb")), file(), LAST)
write("pax-binary", pax(R(b"hdrcharset", b"BINARY"), R(b"path", b"a\xffb")), file(), LAST)
write("pax-unknown", pax(R(b"VENDOR.key", b"value"), R(b"unknown", b"value"), R(b"path", b"named")), file(), LAST)
write("pax-no-records", pax(), file(), LAST)
write("pax-nul-behind", pax(R(b"path", b"named"), bytes(20)), file(), LAST)
write("pax-no-newline", pax(R(b"path", b"named")[:-1] + b"x"), file(), LAST)
write("pax-length-too-long", pax(b"99 path=named\n"), file(), LAST)
write("pax-length-too-short", pax(b"9 path=named\n"), file(), LAST)
write("pax-length-zeros", pax(b"0000014 path=b\n"[:-1].replace(b"0000014", b"0000015") + b"\n"), file(), LAST)
write("pax-length-sign", pax(b"+11 path=b\n"), file(), LAST)
write("pax-length-spaces", pax(b" 11 path=b\n"), file(), LAST)
write("pax-no-key", pax(b"8 =name\n"), file(), LAST)
write("pax-no-equals", pax(b"9 named\n\n"), file(), LAST)
write("pax-times", pax(R(b"mtime", b"-1.5")), file(b"a"), pax(R(b"mtime", b"1700000000.9999999999")), file(b"b"), pax(R(b"mtime", b"1700000000.")), file(b"c"), LAST)
write("pax-time-exponent", pax(R(b"mtime", b"1e9")), file(), LAST)
write("pax-time-no-number", pax(R(b"mtime", b"hello")), file(), LAST)
write("pax-time-point-first", pax(R(b"mtime", b".5")), file(), LAST)
write("pax-owner-negative", pax(R(b"uid", b"-1")), file(), LAST)
write("pax-owner-big", pax(R(b"uid", b"4294967296"), R(b"gid", b"9223372036854775807")), file(), LAST)
write("pax-size-no-number", pax(R(b"size", b"eight")), file(), LAST)
write("pax-size-negative", pax(R(b"size", b"-8")), file(), LAST)
write("pax-size-max", pax(R(b"size", b"9223372036854775807")), file(), LAST)
write("pax-path-slash", pax(R(b"path", b"dir/")), header(b"d", b"5"), pax(R(b"path", b"file/")), file(), LAST)
write("pax-linkpath", pax(R(b"linkpath", b"far")), header(b"link", b"2", link=b"near"), pax(R(b"linkpath", b"file")), header(b"hard", b"1", link=b"near"), LAST)
write("pax-at-end", file(), pax(R(b"path", b"nobody")))
write("pax-solaris-X", pax(R(b"path", b"named"), type=b"X"), file(), LAST)
write("pax-v7-magic", pax(R(b"path", b"named"), magic=V7), file(magic=V7), LAST)
write("pax-size-over-limit", pax(R(b"path", b"named"), size=b"77777777777\x00"), file(), LAST)
write("pax-global-path", pax(R(b"path", b"same"), type=b"g"), file(), LAST)
write("pax-global-then-local", pax(R(b"mtime", b"1"), R(b"uid", b"5"), type=b"g"), pax(R(b"mtime", b"2")), file(), LAST)
write("pax-global-taken-back", pax(R(b"mtime", b"1"), R(b"uid", b"5"), type=b"g"), file(b"one"), pax(R(b"mtime", b""), type=b"g"), file(b"two"), pax(R(b"uid", b"")), file(b"three"), LAST)
write("pax-global-size", pax(R(b"size", b"8"), type=b"g"), file(b"a", size=0), file(b"b", size=0))
write("pax-global-between", pax(R(b"path", b"named")), pax(R(b"uid", b"5"), type=b"g"), file(), LAST)
write("pax-global-at-end", file(), pax(R(b"comment", b"end"), type=b"g"))

# GNU, alone and with PAX.
write("gnu-long-then-pax", long(b"by-gnu"), pax(R(b"path", b"by-pax")), file(magic=GNU), LAST)
write("gnu-pax-then-long", pax(R(b"path", b"by-pax")), long(b"by-gnu"), file(magic=GNU), LAST)
write("gnu-long-then-pax-time", long(b"by-gnu"), pax(R(b"mtime", b"5")), file(magic=GNU), LAST)
write("gnu-long-twice", long(b"first"), long(b"second"), file(magic=GNU), LAST)
write("gnu-long-no-nul", header(b"././@LongLink", b"L", 6, magic=GNU), padded(b"by-gnu"), file(magic=GNU), LAST)
write("gnu-long-nul-inside", long(b"by\x00gnu"), file(magic=GNU), LAST)
write("gnu-long-empty", header(b"././@LongLink", b"L", 0, magic=GNU), file(magic=GNU), LAST)
write("gnu-long-slash", long(b"directory/"), header(b"d", b"0", magic=GNU), LAST)
write("gnu-long-at-end", file(), long(b"nobody"))
write("gnu-link-on-file", long(b"target", b"K"), file(magic=GNU), LAST)
write("gnu-link-then-long", long(b"target", b"K"), long(b"by-gnu"), header(b"x", b"2", link=b"short", magic=GNU), LAST)
write("gnu-names-N", file(b"mangled", b"Rename a to b\n", type=b"N", magic=GNU), LAST)
write("gnu-label-between", file(), header(b"label", b"V", magic=GNU), LAST)
write("gnu-continuation", header(b"file", b"M", 8, magic=GNU, r369=octal(100, 12)), padded(b"content\n"), LAST)


# Sparse files.
def old(regions, real, stored, more=b"\x00", **fields):
    table = b"".join(octal(a, 12) + octal(b, 12) for a, b in regions)
    return header(b"sparse", b"S", stored, magic=GNU, r386=table, r482=more, r483=octal(real, 12), **fields)


DATA = padded(b"datadata")
write("sparse-old", old([(100, 4), (1000, 4)], 2000, 8), DATA, LAST)
write("sparse-old-end-region", old([(100, 8), (2000, 0)], 2000, 8), DATA, LAST)
write("sparse-old-out-of-order", old([(1000, 4), (100, 4)], 2000, 8), DATA, LAST)
write("sparse-old-overlap", old([(100, 6), (102, 2)], 2000, 8), DATA, LAST)
write("sparse-old-beyond-end", old([(100, 8)], 104, 8), DATA, LAST)
write("sparse-old-stored-more", old([(100, 4)], 2000, 8), DATA, LAST)
write("sparse-old-stored-less", old([(100, 12)], 2000, 8), DATA, LAST)
write("sparse-old-no-regions", old([], 2000, 0), LAST)
write("sparse-old-table-at-end", old([(100, 4)] * 4, 2000, 8, more=b"\x01"), end=b"")
write("sparse-0.0-odd", pax(R(b"GNU.sparse.size", b"2000"), R(b"GNU.sparse.numblocks", b"1"), R(b"GNU.sparse.offset", b"100")), file(content=b"datadata"), LAST)
write("sparse-0.1-count-differs", pax(R(b"GNU.sparse.size", b"2000"), R(b"GNU.sparse.numblocks", b"3"), R(b"GNU.sparse.map", b"100,8")), file(content=b"datadata"), LAST)
write("sparse-0.1-no-size", pax(R(b"GNU.sparse.map", b"100,8")), file(content=b"datadata"), LAST)
write("sparse-0.1-letters", pax(R(b"GNU.sparse.size", b"2000"), R(b"GNU.sparse.numblocks", b"1"), R(b"GNU.sparse.map", b"a,b")), file(content=b"datadata"), LAST)
ONE = (R(b"GNU.sparse.major", b"1"), R(b"GNU.sparse.minor", b"0"), R(b"GNU.sparse.name", b"named"))
write("sparse-1.0", pax(*ONE, R(b"GNU.sparse.realsize", b"2000")), file(content=padded(b"1\n100\n8\n") + b"datadata"), LAST)
write("sparse-1.0-no-regions", pax(*ONE, R(b"GNU.sparse.realsize", b"2000")), file(content=padded(b"0\n")), LAST)
write("sparse-1.0-huge-count", pax(*ONE, R(b"GNU.sparse.realsize", b"2000")), file(content=padded(b"999999999999\n100\n8\n") + b"datadata"), LAST)
write("sparse-1.0-map-no-number", pax(*ONE, R(b"GNU.sparse.realsize", b"2000")), file(content=padded(b"one\n100\n8\n") + b"datadata"), LAST)
write("sparse-1.0-no-realsize", pax(*ONE), file(content=padded(b"1\n100\n8\n") + b"datadata"), LAST)
write("sparse-1.0-global", pax(*ONE, R(b"GNU.sparse.realsize", b"2000"), type=b"g"), file(content=padded(b"1\n100\n8\n") + b"datadata"))
write("sparse-1.0-on-directory", pax(*ONE, R(b"GNU.sparse.realsize", b"2000")), header(b"d", b"5"), LAST)
write("sparse-2.0", pax(R(b"GNU.sparse.major", b"2"), R(b"GNU.sparse.minor", b"0"), R(b"GNU.sparse.realsize", b"2000")), file(content=padded(b"1\n100\n8\n") + b"datadata"), LAST)
