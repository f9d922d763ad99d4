"""ristretto255 (RFC 9496), hash-to-group (RFC 9380) and hash-to-scalar (RFC 9497), from the text of the RFCs.

Shares no code with libs/sealing. Written for clarity: slow, and not constant-time. Never for real keys.
"""
import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = 37095705934669439343138083508754565189542113879843219016388785533085940283555
SQRT_M1 = 19681161376707505956807079304988542015446066515923890162744021073123829784752
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578
ONE_MINUS_D_SQ = 1159843021668779879193775521855586647937357759715417654439879720876111806838
D_MINUS_ONE_SQ = 40440834346308536858101042469323190826248399146238708352240133220865137265952


def negative(x):
    return x % P & 1


def absolute(x):
    return -x % P if negative(x) else x % P


def sqrt_ratio(u, v):
    """RFC 9496 section 4.2: (was_square, root)."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    correct, flipped, flipped_i = check == u % P, check == -u % P, check == -u * SQRT_M1 % P
    if flipped or flipped_i:
        r = r * SQRT_M1 % P
    return correct or flipped, absolute(r)


class Point:
    """An element of the group, held as extended Edwards coordinates."""

    def __init__(self, x, y, z, t):
        self.x, self.y, self.z, self.t = x % P, y % P, z % P, t % P

    def __add__(self, q):
        a = (self.y - self.x) * (q.y - q.x)
        b = (self.y + self.x) * (q.y + q.x)
        c = 2 * self.t * q.t * D
        d = 2 * self.z * q.z
        e, f, g, h = b - a, d - c, d + c, b + a
        return Point(e * f, g * h, f * g, e * h)

    def __neg__(self):
        return Point(-self.x, self.y, self.z, -self.t)

    def __sub__(self, q):
        return self + -q

    def __rmul__(self, n):
        n %= ORDER
        total, double = IDENTITY, self
        while n:
            if n & 1:
                total = total + double
            double = double + double
            n >>= 1
        return total

    def __eq__(self, q):
        return (self.x * q.y - self.y * q.x) % P == 0 or (self.y * q.y - self.x * q.x) % P == 0

    def encode(self):
        u1 = (self.z + self.y) * (self.z - self.y)
        u2 = self.x * self.y
        _, invsqrt = sqrt_ratio(1, u1 * u2 * u2)
        den1, den2 = invsqrt * u1, invsqrt * u2
        z_inv = den1 * den2 * self.t
        if negative(self.t * z_inv):
            x, y, den = self.y * SQRT_M1, self.x * SQRT_M1, den1 * INVSQRT_A_MINUS_D
        else:
            x, y, den = self.x, self.y, den2
        if negative(x * z_inv):
            y = -y
        return absolute(den * (self.z - y)).to_bytes(32, 'little')


def decode(data):
    """The element that the 32 bytes encode canonically, or ValueError. The identity decodes."""
    s = int.from_bytes(data, 'little')
    if len(data) != 32 or s >= P or negative(s):
        raise ValueError('not canonical')
    ss = s * s % P
    u1, u2 = 1 - ss, 1 + ss
    v = -(D * u1 * u1) - u2 * u2
    was_square, invsqrt = sqrt_ratio(1, v * u2 * u2)
    den_x = invsqrt * u2
    den_y = invsqrt * den_x * v
    x, y = absolute(2 * s * den_x), u1 * den_y % P
    t = x * y % P
    if not was_square or negative(t) or y == 0:
        raise ValueError('not an element')
    return Point(x, y, 1, t)


def _map(data):
    t = int.from_bytes(data, 'little') & (2**255 - 1)
    r = SQRT_M1 * t * t % P
    u = (r + 1) * ONE_MINUS_D_SQ
    v = (-1 - r * D) * (r + D)
    was_square, s = sqrt_ratio(u, v)
    c = -1
    if not was_square:
        s, c = -absolute(s * t) % P, r
    n = c * (r - 1) * D_MINUS_ONE_SQ - v
    w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return Point(w0 * w3, w2 * w1, w1 * w3, w0 * w2)


def from_uniform(data):
    """RFC 9496 section 4.3.4."""
    assert len(data) == 64
    return _map(data[:32]) + _map(data[32:])


def expand_message_xmd(message, dst, length):
    """RFC 9380 section 5.3.1 with SHA-512."""
    assert 0 < len(dst) <= 255
    dst_prime = dst + bytes([len(dst)])
    b0 = hashlib.sha512(bytes(128) + message + length.to_bytes(2, 'big') + b'\0' + dst_prime).digest()
    block = hashlib.sha512(b0 + b'\1' + dst_prime).digest()
    out, index = block, 2
    while len(out) < length:
        mixed = bytes(a ^ b for a, b in zip(b0, block))
        block = hashlib.sha512(mixed + bytes([index]) + dst_prime).digest()
        out, index = out + block, index + 1
    return out[:length]


def hash_to_group(message, dst):
    return from_uniform(expand_message_xmd(message, dst, 64))


def hash_to_scalar(message, dst):
    """RFC 9497 section 4.1, ristretto255-SHA512: 64 bytes, little endian, modulo the order."""
    return int.from_bytes(expand_message_xmd(message, dst, 64), 'little') % ORDER


def scalar_bytes(n):
    return (n % ORDER).to_bytes(32, 'little')


IDENTITY = Point(0, 1, 1, 0)
BASE = decode(bytes.fromhex('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76'))


def self_test():
    """Known answers of RFC 9496 (appendix A) and RFC 9497 (appendix A.1)."""
    assert (2 * BASE).encode().hex() == '6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919'
    assert (15 * BASE).encode().hex() == 'e0c418f7c8d9c4cdd7395b93ea124f3ad99021bb681dfc3302a9d99a2e53e64e'
    assert (ORDER - 1) * BASE + BASE == IDENTITY and IDENTITY.encode() == bytes(32)
    uniform = hashlib.sha512(b'Ristretto is traditionally a short shot of espresso coffee').digest()
    assert from_uniform(uniform).encode().hex() == '3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46'
    # RFC 9380 appendix K.3 (expander XMD with SHA-512, empty message, 32 bytes)
    dst = b'QUUX-V01-CS02-with-expander-SHA512-256'
    assert expand_message_xmd(b'', dst, 32).hex() == '6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba'
    # RFC 9497 appendix A.1.1: DeriveKeyPair of the OPRF mode, and the blinded element of its first vector
    info = b'test key'
    derive = bytes.fromhex('a3' * 32) + len(info).to_bytes(2, 'big') + info + b'\0'
    secret = hash_to_scalar(derive, b'DeriveKeyPairOPRFV1-\x00-ristretto255-SHA512')
    assert scalar_bytes(secret).hex() == '5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e'
    blind = int.from_bytes(bytes.fromhex('64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706'), 'little')
    element = hash_to_group(b'\0', b'HashToGroup-OPRFV1-\x00-ristretto255-SHA512')
    assert (blind * element).encode().hex() == '609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c'
