"""CIDs of files by the profile unixfs-v1-2025: CIDv1, sha2-256, 1 MiB chunks, raw leaves, balanced, 1024 links a node.
Protobuf by hand, from the specifications of dag-pb and UnixFS."""
import base64
import functools
import hashlib

CHUNK, LINKS = 1 << 20, 1024
RAW, DAG_PB = 0x55, 0x70


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def blob(field, data):
    return varint(field << 3 | 2) + varint(len(data)) + data


def number(field, value):
    return varint(field << 3) + varint(value)


def cid(codec, digest):
    return bytes([1, codec, 0x12, 32]) + digest


def text(cid_bytes):
    return 'b' + base64.b32encode(cid_bytes).decode().lower().rstrip('=')


# The test files: byte number i is (i + (i >> 20)) mod 251, so that chunks differ and repeat after 251.
PATTERN = bytes(range(251)) * (CHUNK // 251 + 2)


def chunk(index, length=CHUNK):
    start = (index * CHUNK + index) % 251
    return PATTERN[start:start + length]


@functools.cache
def leaf_digest(start, length):
    return hashlib.sha256(PATTERN[start:start + length]).digest()


def leaf(index, length):
    return {'cid': cid(RAW, leaf_digest((index * CHUNK + index) % 251, length)), 'size': length, 'total': length}


def node(children):
    """`size` counts the file's bytes below a node, `total` (Tsize) the blocks' as well."""
    links = b''.join(
        blob(2, blob(1, child['cid']) + blob(2, b'') + number(3, child['total'])) for child in children
    )
    size = sum(child['size'] for child in children)
    file = number(1, 2) + number(3, size) + b''.join(number(4, child['size']) for child in children)
    block = links + blob(1, file)
    digest = hashlib.sha256(block).digest()
    return {'cid': cid(DAG_PB, digest), 'size': size, 'total': len(block) + sum(child['total'] for child in children)}


def file_cid(size):
    """The CID of the test file of `size` bytes, its root's digest, whether the root is raw, and the levels of links."""
    row = [leaf(i, min(CHUNK, size - i * CHUNK)) for i in range(max(1, -(-size // CHUNK)))]
    levels = 0
    while len(row) > 1:
        row = [node(row[i:i + LINKS]) for i in range(0, len(row), LINKS)]
        levels += 1
    root = row[0]['cid']
    return {'size': size, 'cid': text(root), 'content': '0x' + root[4:].hex(), 'rawRoot': root[1] == RAW, 'levels': levels}
