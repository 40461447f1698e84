# Compares what the peers read with what is expected: settle.py CORPUS LISTINGS
# An archive that is not in expected.listing gets there what most peers read. Which peers agree stands behind its name.
import os
import sys
from collections import Counter

PEERS = ("gnu-tar", "libarchive", "go", "python")


def load(path):
    """Returns the lines before the first archive, and the lines of each."""
    head, sections, lines = [], {}, None
    if os.path.exists(path):
        with open(path, encoding="utf-8") as listing:
            for text in listing.read().splitlines():
                if text.startswith("== "):
                    lines = sections[text[3:].split(":")[0]] = []
                else:
                    (head if lines is None else lines).append(text)
    return head, sections


def save(path, head, sections):
    with open(path, "w", encoding="utf-8") as listing:
        listing.writelines(f"{text}\n" for text in head)
        for name, lines in sections.items():
            listing.writelines(f"{text}\n" for text in [f"== {name}", *lines])


corpus, listings = sys.argv[1:]
path = os.path.join(corpus, "expected.listing")
_, old = load(path)
heads, read = {}, {}
for peer in PEERS:
    heads[peer], read[peer] = load(os.path.join(listings, f"{peer}.listing"))
expected = {}
for name in read[PEERS[0]]:
    most = Counter(tuple(read[peer][name]) for peer in PEERS).most_common(1)[0][0]
    expected[name] = old.get(name, list(most))
agree = {name: [peer for peer in PEERS if read[peer][name] == lines] for name, lines in expected.items()}
save(path, [], {f"{name}: {' '.join(agree[name]) or 'nobody'}": lines for name, lines in expected.items()})
os.makedirs(os.path.join(corpus, "peers"), exist_ok=True)
for peer in PEERS:
    save(os.path.join(corpus, "peers", f"{peer}.listing"), heads[peer], {name: read[peer][name] for name in expected if peer not in agree[name]})
