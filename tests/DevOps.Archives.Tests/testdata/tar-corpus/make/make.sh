#!/usr/bin/env bash
# Makes the archives of the corpus again, into the directory above this one; then listings.sh has to be run. The README says which versions made what is there.
# Needs root, ext4, and: GNU tar, bsdtar, python3, go, busybox, 7z, git, perl with Archive::Tar, setfattr, setfacl, chattr.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
corpus=$(dirname "$here")
work=$(mktemp -d)
out=$work/out
mkdir "$out"
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 TZ=UTC
umask 022
cd "$work"

at() { touch -h -d "$1" "${@:2}"; }

# tree: what every format can hold.
mkdir -p tree/dir/sub
printf 'hello\n' >tree/dir/file.txt
head -c 1500 /dev/zero | tr '\0' 'x' >tree/dir/data
: >tree/empty
printf '#!/bin/sh\n' >tree/run.sh
chmod 0755 tree/run.sh
printf 'set-user-ID\n' >tree/su
chmod 4755 tree/su
mkdir tree/tmp
chmod 1777 tree/tmp
chmod 0700 tree/dir/sub
ln -s dir/file.txt tree/link
ln -s /etc/passwd tree/absolute-link
ln tree/dir/file.txt tree/zhard
at @1700000000 tree/dir/file.txt tree/dir/data tree/empty tree/run.sh tree/su tree/link tree/absolute-link
at @1600000000 tree/tmp tree/dir/sub tree/dir tree

# special: what is no file or directory.
mkdir special
mknod special/null c 1 3
mknod special/loop b 7 300
mkfifo special/pipe
at @1700000000 special/*
at @1700000000 special

# names: what needs more than the first header.
mkdir names
n100=$(printf 'n%.0s' {1..100})
n255=$(printf 'm%.0s' {1..255})
mkdir -p "names/d$n100/e$n100"
printf 'long\n' >"names/d$n100/e$n100/f$n100"
printf 'long\n' >"names/$n255"
printf 'ä\n' >'names/ä-ß-漢'
printf 'space\n' >'names/with space'
printf 'newline\n' >$'names/new\nline'
printf 'backslash\n' >'names/back\slash'
printf '100\n' >"names/${n100:0:94}"
ln -s "$n255/$n255" names/far-link
ln "names/$n255" names/zhard-to-long
at @1700000000.25 "names/ä-ß-漢"
at @-2 'names/with space'
at @5000000000 'names/back\slash'
find names -type f ! -name 'ä*' ! -name 'with*' ! -name 'back*' -exec touch -d @1700000000 {} +
at @1700000000 names/far-link
find names -depth -type d -exec touch -d @1600000000 {} +

# sparse: few and many regions, one that ends in a hole, one that is a hole.
mkdir sparse
truncate -s 300000 sparse/few
printf 'begin' | dd of=sparse/few conv=notrunc status=none
printf 'end' | dd of=sparse/few bs=1 seek=299997 conv=notrunc status=none
truncate -s 600000 sparse/many
for i in {0..29}; do
    printf 'region %d' "$i" | dd of=sparse/many bs=1 seek=$((i * 20000)) conv=notrunc status=none
done
truncate -s 100000 sparse/hole
truncate -s 100000 sparse/tail
printf 'x' | dd of=sparse/tail bs=1 seek=20000 conv=notrunc status=none
printf 'not sparse\n' >sparse/zz
at @1700000000 sparse/*
at @1700000000 sparse

# attributes: extended attributes, access control lists, file flags.
mkdir attributes
printf 'a\n' >attributes/file
setfattr -n user.note -v 'a note' attributes/file
setfattr -n user.binary -v 0x000102ff attributes/file
setfacl -m u:1234:rw,g:2345:r attributes/file
setfacl -d -m u:1234:rwx attributes
chattr +d attributes/file
at @1700000000 attributes/file
at @1700000000 attributes

mkdir fractions
printf 'f\n' >fractions/half
printf 'f\n' >fractions/nanoseconds
printf 'f\n' >fractions/before-1970
at @1700000000.5 fractions/half
at @1700000000.123456789 fractions/nanoseconds
at @-1.5 fractions/before-1970
at @1700000000 fractions

echo "GNU tar"
tar=(tar --create --sort=name --numeric-owner --blocking-factor=1)
for format in v7 oldgnu gnu ustar posix; do
    "${tar[@]}" --format=$format --file="$out/gnu-$format-tree.tar" tree
done
for format in gnu ustar posix; do
    "${tar[@]}" --format=$format --file="$out/gnu-$format-special.tar" special
done
for format in oldgnu gnu posix; do
    "${tar[@]}" --format=$format --file="$out/gnu-$format-names.tar" names
    "${tar[@]}" --format=$format --owner=someone:4000000000 --group=some:4000000001 --file="$out/gnu-$format-big-owners.tar" tree/run.sh
done
mkdir -p "prefix/${n100:0:90}"
printf 'prefix\n' >"prefix/${n100:0:90}/${n100:0:90}"
find prefix -depth -exec touch -d @1700000000 {} +
"${tar[@]}" --format=ustar --file="$out/gnu-ustar-prefix.tar" prefix
for format in gnu posix; do
    "${tar[@]}" --format=$format --file="$out/gnu-$format-fractions.tar" fractions
    "${tar[@]}" --format=$format --label='a label' --file="$out/gnu-$format-label.tar" tree/run.sh
    "${tar[@]}" --format=$format --listed-incremental="$work/$format.snar" --file="$out/gnu-$format-incremental.tar" tree
    "${tar[@]}" --format=$format --file="$out/gnu-$format-append.tar" tree/run.sh
    tar --append --format=$format --blocking-factor=1 --numeric-owner --file="$out/gnu-$format-append.tar" tree/run.sh tree/empty
done
for format in oldgnu gnu; do
    "${tar[@]}" --format=$format --sparse --hole-detection=raw --file="$out/gnu-$format-sparse.tar" sparse
done
for version in 0.0 0.1 1.0; do
    "${tar[@]}" --format=posix --sparse --hole-detection=raw --sparse-version=$version --file="$out/gnu-posix-sparse-$version.tar" sparse
done
"${tar[@]}" --format=posix --xattrs --xattrs-include='*' --acls --file="$out/gnu-posix-attributes.tar" attributes
"${tar[@]}" --format=posix --pax-option=globexthdr.name=g,comment=everywhere,mtime=1500000000,uid=77 --file="$out/gnu-posix-global.tar" tree/run.sh tree/empty
"${tar[@]}" --format=posix --pax-option='exthdr.name=%d/h/%f,comment:=here,delete=atime,delete=ctime,uname:=Jörg' --file="$out/gnu-posix-options.tar" tree/run.sh tree/empty
head -c 9000 /dev/zero | tr '\0' 'v' >volume
at @1700000000 volume
for format in gnu posix; do
    rm -f v1 v2
    tar --create --format=$format --multi-volume --numeric-owner --blocking-factor=1 --tape-length=7K --file=v1 --file=v2 volume
    mv v1 "$out/gnu-$format-volume-1.tar"
    mv v2 "$out/gnu-$format-volume-2.tar"
done
cat "$out/gnu-gnu-label.tar" "$out/gnu-ustar-special.tar" >"$out/gnu-concatenated.tar"

echo bsdtar
bsdtar=(bsdtar -c -b 1 --numeric-owner)
for format in v7 ustar gnutar; do
    "${bsdtar[@]}" --format $format -f "$out/bsd-$format-tree.tar" tree
done
for format in pax paxr; do
    "${bsdtar[@]}" --format $format --read-sparse -f "$out/bsd-$format-tree.tar" tree
    "${bsdtar[@]}" --format $format -f "$out/bsd-$format-names.tar" names
    "${bsdtar[@]}" --format $format -f "$out/bsd-$format-fractions.tar" fractions
done
"${bsdtar[@]}" --format ustar -f "$out/bsd-ustar-special.tar" special
"${bsdtar[@]}" --format gnutar -f "$out/bsd-gnutar-names.tar" names
"${bsdtar[@]}" --format pax --read-sparse -f "$out/bsd-pax-sparse.tar" sparse
"${bsdtar[@]}" --format pax --xattrs --acls --fflags -f "$out/bsd-pax-attributes.tar" attributes
"${bsdtar[@]}" --format pax --options hdrcharset=BINARY -f "$out/bsd-pax-binary.tar" 'names/ä-ß-漢'

echo "busybox, 7z, git, perl"
busybox tar -c -f "$out/busybox-tree.tar" tree
busybox tar -c -f "$out/busybox-names.tar" names
7z a -ttar -snl -bd "$out/7z-tree.tar" tree >/dev/null
7z a -ttar -mm=pax -bd "$out/7z-pax-names.tar" 'names/ä-ß-漢' "names/$n255" >/dev/null
git init -q repository
git -C repository -c core.fileMode=true add . >/dev/null
cp -a tree/dir tree/run.sh tree/link repository
git -C repository add .
GIT_AUTHOR_DATE=@1700000000 GIT_COMMITTER_DATE='1700000000 +0000' git -C repository -c user.name=a -c user.email=a@example.com commit -q -m a
git -C repository archive --format=tar --prefix=p/ HEAD >"$out/git-archive.tar"
perl -MArchive::Tar -e 'my $t = Archive::Tar->new; $t->add_files(@ARGV[1..$#ARGV]); $t->write($ARGV[0])' "$out/perl-tree.tar" \
    tree/dir/file.txt tree/run.sh tree/link "names/d$n100/e$n100/f$n100"

echo Python
python3 "$here/make-python.py" "$out"
python3 "$here/make-odd.py" "$out"

echo Go
mkdir go
cp "$here/make-go.txt" go/main.go
(cd go && GO111MODULE=off GOCACHE=$work/cache go run main.go "$out")

# Compressed, because most of an archive this small is zeros.
gzip -9n "$out"/*.tar
rm -f "$corpus"/*.tar.gz
mv "$out"/*.tar.gz "$corpus"
find "$corpus" -maxdepth 1 -name '*.tar.gz' -printf '%s\n' | awk '{ s += $1 } END { print NR " archives, " s " bytes" }'
