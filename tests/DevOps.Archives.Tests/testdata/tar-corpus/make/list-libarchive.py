# Lists the corpus as libarchive, bsdtar's library, reads it: list-libarchive.py DIRECTORY
import ctypes
import hashlib
import stat
from decimal import Decimal

import listing

lib = ctypes.CDLL("libarchive.so.13")
for function, result in {
    "archive_read_new": ctypes.c_void_p, "archive_entry_pathname": ctypes.c_char_p, "archive_entry_hardlink": ctypes.c_char_p, "archive_entry_symlink": ctypes.c_char_p,
    "archive_entry_size": ctypes.c_int64, "archive_entry_uid": ctypes.c_int64, "archive_entry_gid": ctypes.c_int64, "archive_entry_mtime": ctypes.c_int64,
    "archive_entry_mtime_nsec": ctypes.c_long, "archive_read_data": ctypes.c_ssize_t,
}.items():
    getattr(lib, function).restype = result
lib.archive_read_data.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
lib.archive_read_open_memory.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]

END, WARN = 1, -20
KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "symlink", stat.S_IFCHR: "char", stat.S_IFBLK: "block", stat.S_IFIFO: "fifo"}


def is_usable(status):
    """A warning leaves the entry usable; after the others bsdtar tries to go on, and tells at its end that there was damage."""
    return status >= 0 or status == WARN


def list_archive(content):
    archive = ctypes.c_void_p(lib.archive_read_new())
    lib.archive_read_support_format_tar(archive)
    lib.archive_read_support_format_empty(archive)
    entry = ctypes.c_void_p()
    status = lib.archive_read_open_memory(archive, content, len(content))
    while is_usable(status) and is_usable(status := lib.archive_read_next_header(archive, ctypes.byref(entry))) and status != END:
        target = lib.archive_entry_hardlink(entry)
        kind = "hardlink" if target is not None else KINDS.get(lib.archive_entry_filetype(entry), "other")
        digest, length = hashlib.sha256(), 0
        if kind in ("file", "other"):
            buffer = ctypes.create_string_buffer(1 << 16)
            while (status := lib.archive_read_data(archive, buffer, len(buffer))) > 0:
                digest.update(buffer.raw[:status])
                length += status
            # A hole at the end is left to who writes the file.
            digest.update(bytes(max(0, min(lib.archive_entry_size(entry), 1 << 20) - length) if status == 0 else 0))
        yield listing.line(
            kind, lib.archive_entry_perm(entry), lib.archive_entry_uid(entry), lib.archive_entry_gid(entry), lib.archive_entry_size(entry),
            Decimal(lib.archive_entry_mtime(entry)) + Decimal(lib.archive_entry_mtime_nsec(entry)).scaleb(-9),
            digest.hexdigest()[:16] if status >= 0 else "-", lib.archive_entry_pathname(entry) or b"", target if target is not None else lib.archive_entry_symlink(entry) or b"")
    if status != END:
        yield "error"
    lib.archive_read_free(archive)


listing.main(list_archive)
