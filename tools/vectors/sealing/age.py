"""Just enough of age v1 to write one file: HKDF, ChaCha20-Poly1305, X25519, bech32, header, payload of one chunk."""
import base64
import hashlib
import hmac
import struct


def hkdf(ikm, salt, info, length=32):
    key = hmac.new(salt, ikm, hashlib.sha256).digest()
    out, block, index = b'', b'', 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([index]), hashlib.sha256).digest()
        out, index = out + block, index + 1
    return out[:length]


def _chacha_block(key, counter, nonce):
    def quarter(a, b, c, d):
        for first, second, third, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[first] = (s[first] + s[second]) & 0xFFFFFFFF
            mixed = s[third] ^ s[first]
            s[third] = (mixed << turn | mixed >> (32 - turn)) & 0xFFFFFFFF

    start = list(struct.unpack('<16I', b'expand 32-byte k' + key + struct.pack('<I', counter) + nonce))
    s = start[:]
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)):
            quarter(a, b, c, d)
        for a, b, c, d in ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter(a, b, c, d)
    return struct.pack('<16I', *((x + y) & 0xFFFFFFFF for x, y in zip(s, start)))


def chacha20_poly1305(key, nonce, aad, plaintext):
    """RFC 8439: ciphertext followed by the 16-byte tag."""
    stream = b''.join(_chacha_block(key, 1 + i, nonce) for i in range((len(plaintext) + 63) // 64))
    ciphertext = bytes(a ^ b for a, b in zip(plaintext, stream))
    one_time = _chacha_block(key, 0, nonce)[:32]
    r = int.from_bytes(one_time[:16], 'little') & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    data = aad + bytes(-len(aad) % 16) + ciphertext + bytes(-len(ciphertext) % 16)
    data += struct.pack('<QQ', len(aad), len(ciphertext))
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i:i + 16] + b'\1', 'little')) * r % (2**130 - 5)
    tag = (total + int.from_bytes(one_time[16:], 'little')) % 2**128
    return ciphertext + tag.to_bytes(16, 'little')


def x25519(scalar, point):
    """RFC 7748."""
    p = 2**255 - 19
    k = int.from_bytes(scalar, 'little') & (2**255 - 8) & (2**255 - 1) | 2**254
    u = int.from_bytes(point, 'little') & (2**255 - 1)
    x2, z2, x3, z3, swap = 1, 0, u, 1, 0
    for t in reversed(range(255)):
        bit = k >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a, b * b, d * a, c * b
        e = aa - bb
        x3, z3 = (da + cb)**2 % p, u * (da - cb)**2 % p
        x2, z2 = aa * bb % p, e * (aa + 121665 * e) % p
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, p - 2, p) % p).to_bytes(32, 'little')


X25519_BASE = (9).to_bytes(32, 'little')


def bech32(prefix, data):
    """BIP 173, without its length limit, as age uses it."""
    alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

    def polymod(values):
        check = 1
        for value in values:
            top = check >> 25
            check = (check & 0x1FFFFFF) << 5 ^ value
            for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                check ^= g if top >> i & 1 else 0
        return check

    bits = ''.join(f'{byte:08b}' for byte in data)
    bits += '0' * (-len(bits) % 5)
    words = [int(bits[i:i + 5], 2) for i in range(0, len(bits), 5)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = polymod(expanded + words + [0] * 6) ^ 1
    words += [check >> 5 * (5 - i) & 31 for i in range(6)]
    return prefix + '1' + ''.join(alphabet[word] for word in words)


def base64_unpadded(data):
    return base64.b64encode(data).decode().rstrip('=')


def stanza_text(args, body):
    encoded = base64_unpadded(body)
    lines = [encoded[i:i + 64] for i in range(0, len(encoded), 64)]
    if len(encoded) % 64 == 0:
        lines.append('')
    return '-> ' + ' '.join(args) + '\n' + ''.join(line + '\n' for line in lines)


def x25519_stanza(file_key, recipient, ephemeral):
    share = x25519(ephemeral, X25519_BASE)
    key = hkdf(x25519(ephemeral, recipient), share + recipient, b'age-encryption.org/v1/X25519')
    return ['X25519', base64_unpadded(share)], chacha20_poly1305(key, bytes(12), b'', file_key)


def header(file_key, stanzas):
    text = 'age-encryption.org/v1\n' + ''.join(stanza_text(args, body) for args, body in stanzas) + '---'
    mac = hmac.new(hkdf(file_key, b'', b'header'), text.encode(), hashlib.sha256).digest()
    return (text + ' ' + base64_unpadded(mac) + '\n').encode()


def payload_of_one_chunk(file_key, nonce, plaintext):
    assert len(nonce) == 16 and len(plaintext) <= 65536
    return nonce + chacha20_poly1305(hkdf(file_key, nonce, b'payload'), bytes(11) + b'\1', b'', plaintext)


def armor(data):
    """The text form: PEM with lines of 64."""
    encoded = base64.b64encode(data).decode()
    lines = ''.join(encoded[i:i + 64] + '\n' for i in range(0, len(encoded), 64))
    return f'-----BEGIN AGE ENCRYPTED FILE-----\n{lines}-----END AGE ENCRYPTED FILE-----\n'


def self_test():
    """Known answers of RFC 8439 (section 2.8.2), RFC 7748 (section 5.2) and RFC 5869 (A.1)."""
    key = bytes(range(0x80, 0xA0))
    nonce = bytes.fromhex('070000004041424344454647')
    aad = bytes.fromhex('50515253c0c1c2c3c4c5c6c7')
    text = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            b'sunscreen would be it.')
    assert chacha20_poly1305(key, nonce, aad, text)[-16:].hex() == '1ae10b594f09e26a7e902ecbd0600691'
    assert x25519(
        bytes.fromhex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'),
        bytes.fromhex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c'),
    ).hex() == 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'
    okm = hkdf(bytes([11]) * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42)
    assert okm.hex().startswith('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf')
