# Lists the corpus as Python's tarfile reads it: list-python.py DIRECTORY
import hashlib
import io
import tarfile
from decimal import Decimal

import listing

KINDS = {
    tarfile.DIRTYPE: "directory", tarfile.SYMTYPE: "symlink", tarfile.LNKTYPE: "hardlink", tarfile.CHRTYPE: "char", tarfile.BLKTYPE: "block",
    tarfile.FIFOTYPE: "fifo", tarfile.REGTYPE: "file", tarfile.AREGTYPE: "file", tarfile.CONTTYPE: "file", tarfile.GNUTYPE_SPARSE: "file",
}


def raw(text):
    return text.encode("utf-8", "surrogateescape")


def list_archive(content):
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as tar:
            for member in tar:
                kind = KINDS.get(member.type, "other")
                sha256 = None
                if kind in ("file", "other"):
                    body = tar.extractfile(member)
                    digest = hashlib.sha256()
                    while part := body.read(1 << 20):
                        digest.update(part)
                    sha256 = digest.hexdigest()[:16]
                yield listing.line(kind, member.mode, member.uid, member.gid, member.size, Decimal(member.mtime), sha256, raw(member.name), raw(member.linkname))
    except Exception:  # tarfile throws several kinds on damage
        yield "error"


listing.main(list_archive)
