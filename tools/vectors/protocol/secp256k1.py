"""ECDSA over secp256k1 with deterministic nonces (RFC 6979), low s, recovery id. Slow and not constant-time: for vectors."""
import hashlib
import hmac

from keccak import keccak256

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def multiply(k, point):
    result = None
    while k:
        if k & 1:
            result = add(result, point)
        point = add(point, point)
        k >>= 1
    return result


def address(key):
    x, y = multiply(key, G)
    return checksum(keccak256(x.to_bytes(32, 'big') + y.to_bytes(32, 'big'))[12:])


def checksum(raw):
    text = raw.hex()
    digest = keccak256(text.encode()).hex()
    return '0x' + ''.join(c.upper() if int(digest[i], 16) > 7 else c for i, c in enumerate(text))


def _nonces(key, digest):
    seed = key.to_bytes(32, 'big') + (int.from_bytes(digest, 'big') % N).to_bytes(32, 'big')
    mac = lambda k, data: hmac.new(k, data, hashlib.sha256).digest()
    k, v = bytes(32), b'\x01' * 32
    for separator in b'\x00', b'\x01':
        k = mac(k, v + separator + seed)
        v = mac(k, v)
    while True:
        v = mac(k, v)
        yield int.from_bytes(v, 'big')
        k = mac(k, v + b'\x00')
        v = mac(k, v)


def sign(key, digest):
    """65 bytes r, s, v as Ethereum's contracts take them."""
    z = int.from_bytes(digest, 'big')
    for k in _nonces(key, digest):
        if not 0 < k < N:
            continue
        x, y = multiply(k, G)
        r = x % N
        s = pow(k, -1, N) * (z + r * key) % N
        if r == 0 or s == 0:
            continue
        recovery = (y & 1) ^ (1 if s > N // 2 else 0)
        return r.to_bytes(32, 'big') + min(s, N - s).to_bytes(32, 'big') + bytes([27 + recovery])
