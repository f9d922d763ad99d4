#!/usr/bin/env python3
"""Writes test/vectors/sealing.json: the committee stanza of Granary computed a second time, from the text of the
protocol, by code that shares nothing with libs/sealing. Standard library only.

    python3 tools/vectors/sealing/generate.py            writes the file
    python3 tools/vectors/sealing/generate.py --check    fails if the file differs from what would be written

Every secret in it is derived from a public word; none may ever be used for anything else.
"""
import hashlib
import hmac
import json
import pathlib
import sys

sys.dont_write_bytecode = True

import age
from ristretto255 import BASE, ORDER, P, decode, hash_to_group, hash_to_scalar, scalar_bytes
import ristretto255

TARGET = pathlib.Path(__file__).resolve().parents[3] / 'test' / 'vectors' / 'sealing.json'
VERSION = b'granary/v1'
DST_H, H_MESSAGE = b'granary/v1 H', b'granary/v1 second generator'
DST_SEAL, DST_SHARE = b'granary/v1 seal', b'granary/v1 share'
H = hash_to_group(H_MESSAGE, DST_H)


def word(text, length=32):
    return hashlib.shake_256(b'granary test vector: ' + text.encode()).digest(length)


def scalar(text):
    return int.from_bytes(word(text, 64), 'little') % ORDER


def label(group_key, chain_id, registry, owner):
    out = VERSION + group_key + chain_id.to_bytes(32, 'big') + bytes.fromhex(registry[2:]) + bytes.fromhex(owner[2:])
    assert len(out) == 114
    return out


def encapsulate(file_key, group_key, lab, r, t):
    big_r, r_prime = (r * BASE).encode(), (r * H).encode()
    point = (r * decode(group_key)).encode()
    key = age.hkdf(point, big_r, b'granary/v1 file key' + lab)
    c = age.chacha20_poly1305(key, bytes(12), lab, file_key)
    e = hash_to_scalar(c + lab + big_r + (t * BASE).encode() + r_prime + (t * H).encode(), DST_SEAL)
    f = (t + r * e) % ORDER
    committee_id = hashlib.sha256(group_key).digest()[:16].hex()
    return {
        'R': big_r, 'point': point, 'key': key, 'c': c, 'Rprime': r_prime, 'e': scalar_bytes(e), 'f': scalar_bytes(f),
        'args': ['granary/v1', committee_id, age.base64_unpadded(big_r)],
        'body': c + r_prime + scalar_bytes(e) + scalar_bytes(f),
    }


def verify_stanza(stanza, lab):
    """Recomputes the commitments from e and f, as a reader does."""
    e, f = (int.from_bytes(stanza[name], 'little') for name in 'ef')
    w = f * BASE - e * decode(stanza['R'])
    w_prime = f * H - e * decode(stanza['Rprime'])
    message = stanza['c'] + lab + stanza['R'] + w.encode() + stanza['Rprime'] + w_prime.encode()
    return hash_to_scalar(message, DST_SEAL) == e


def create_share(secret, big_r, lab, dataset, k):
    point = decode(big_r)
    verifying, share = (secret * BASE).encode(), (secret * point).encode()
    commitments = (k * BASE).encode() + (k * point).encode()
    e = hash_to_scalar(lab + dataset + verifying + big_r + share + commitments, DST_SHARE)
    return share, scalar_bytes(e) + scalar_bytes(k + secret * e)


def lagrange(index, indices):
    value = 1
    for other in indices:
        if other != index:
            value = value * other * pow(other - index, -1, ORDER) % ORDER
    return value


def polynomial(name, threshold):
    return [scalar(f'{name} coefficient {i}') for i in range(threshold)]


def committee(name, threshold, count):
    coefficients = polynomial(name, threshold)
    secrets = {i: sum(c * i**j for j, c in enumerate(coefficients)) % ORDER for i in range(1, count + 1)}
    return coefficients[0], secrets


def case(name, threshold, count, chain_id, registry, owner, subsets):
    secret, secrets = committee(name, threshold, count)
    group_key = (secret * BASE).encode()
    lab = label(group_key, chain_id, registry, owner)
    file_key, dataset = word(f'{name} file key', 16), word(f'{name} dataset')
    r, t = scalar(f'{name} r'), scalar(f'{name} t')
    stanza = encapsulate(file_key, group_key, lab, r, t)
    assert verify_stanza(stanza, lab)
    shares = []
    for index, member in secrets.items():
        k = scalar(f'{name} k {index}')
        share, proof = create_share(member, stanza['R'], lab, dataset, k)
        shares.append({
            'index': index, 'secret': scalar_bytes(member), 'verifyingShare': (member * BASE).encode(),
            'k': scalar_bytes(k), 'share': share, 'proof': proof,
        })
    combined = []
    for indices in subsets:
        factors = [lagrange(i, indices) for i in indices]
        point = ristretto255.IDENTITY
        for i, factor in zip(indices, factors):
            point = point + factor * decode(shares[i - 1]['share'])
        if len(indices) >= threshold:
            assert point.encode() == stanza['point']
        combined.append({'indices': indices, 'coefficients': [scalar_bytes(f) for f in factors], 'point': point.encode()})
    return {
        'name': name, 'threshold': threshold, 'groupKey': group_key, 'chainId': str(chain_id), 'registry': registry,
        'owner': owner, 'label': lab, 'dataset': dataset, 'fileKey': file_key, 'r': scalar_bytes(r), 't': scalar_bytes(t),
        'stanza': stanza, 'shares': shares, 'combined': combined,
    }


def sealed_file(from_case):
    """A whole sealed file: a contributor's stanza, the committee's, a payload of one chunk."""
    secret = word('contributor identity')
    recipient = age.x25519(secret, age.X25519_BASE)
    plaintext = b'Alice keeps her grain in the granary.\n'
    stanzas = [
        age.x25519_stanza(from_case['fileKey'], recipient, word('ephemeral')),
        (from_case['stanza']['args'], from_case['stanza']['body']),
    ]
    head = age.header(from_case['fileKey'], stanzas)
    return {
        'identity': age.bech32('age-secret-key-', secret).upper(), 'recipient': age.bech32('age', recipient),
        'recipientBytes': recipient, 'header': head, 'plaintext': plaintext,
        'file': head + age.payload_of_one_chunk(from_case['fileKey'], word('payload nonce', 16), plaintext),
    }


def passkey():
    """A recovery file sealed to a passkey: WebAuthn's PRF extension (WebAuthn level 3, 10.1.4) as an authenticator with
    CTAP2's hmac-secret computes it, the stanza of https://c2sp.org/fido2prf, and what Granary writes around them."""
    kind = b'age-encryption.org/fido2prf'
    secret, nonce, file_key = word('passkey secret'), word('passkey nonce', 16), word('passkey file key', 16)
    inputs = [kind + bytes([place]) + nonce for place in (1, 2)]
    salts = [hashlib.sha256(b'WebAuthn PRF\0' + given).digest() for given in inputs]
    outputs = [hmac.new(secret, salt, hashlib.sha256).digest() for salt in salts]
    key = hmac.new(kind, outputs[0] + outputs[1], hashlib.sha256).digest()
    body = age.chacha20_poly1305(key, bytes(12), b'', file_key)
    credential_id, site = word('passkey id', 32), 'granary.example'
    cbor = b'\x01' + b'\x58\x20' + credential_id + bytes([0x60 | len(site)]) + site.encode() + b'\x81\x68internal'
    account = '0x' + word('passkey account', 20).hex()
    identity = age.bech32('age-secret-key-', word('contributor identity')).upper()
    plaintext = f'# granary/passkey/v1 {account}\n# Granary recovery file\n{identity}\n'.encode()
    head = age.header(file_key, [([kind.decode(), age.base64_unpadded(nonce)], body)])
    return {
        'secret': secret, 'credentialId': credential_id, 'site': site,
        'credential': age.bech32('age-plugin-fido2prf-', cbor).upper(), 'account': account, 'identity': identity,
        'inputs': inputs, 'outputs': outputs, 'key': key, 'header': head, 'plaintext': plaintext.decode(),
        'sealed': age.armor(head + age.payload_of_one_chunk(file_key, word('passkey payload nonce', 16), plaintext)),
    }


def refused():
    """32-byte strings that no field may hold. Most points are from RFC 9496, appendix A.2."""
    return {
        'points': {
            'the identity': bytes(32),
            'not below the field order': (P + 1).to_bytes(32, 'little'),
            'all bits set': b'\xff' * 32,
            'top bit set on the base point': (int.from_bytes(BASE.encode(), 'little') | 2**255).to_bytes(32, 'little'),
            'negative field element': (1).to_bytes(32, 'little'),
            'negated base point encoding': ((P - int.from_bytes(BASE.encode(), 'little'))).to_bytes(32, 'little'),
            'no square root': bytes.fromhex('26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371'),
            'negative product': bytes.fromhex('3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e'),
        },
        'scalars': {
            'zero': bytes(32),
            'the order': ORDER.to_bytes(32, 'little'),
            'the order plus one': (ORDER + 1).to_bytes(32, 'little'),
            'all bits set': b'\xff' * 32,
        },
    }


def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def main():
    age.self_test()
    ristretto255.self_test()
    for encoding in refused()['points'].values():
        try:
            assert decode(encoding) == ristretto255.IDENTITY, encoding.hex()
        except ValueError:
            pass
    registry, owner = '0x' + word('registry', 20).hex(), '0x' + word('owner', 20).hex()
    cases = [
        case('two of three', 2, 3, 31337, registry, owner, [[1, 2], [1, 3], [2, 3], [3, 1], [1, 2, 3], [1]]),
        case('three of five', 3, 5, 2**64 + 1, registry, '0x' + 'ff' * 20, [[1, 2, 3], [5, 2, 4], [1, 5]]),
        case('five of nine', 5, 9, 1, '0x' + '00' * 19 + '01', owner, [[1, 2, 3, 4, 5], [9, 7, 5, 3, 1]]),
    ]
    messages = [b'', b'abc', bytes(range(256)), word('long', 5000)]
    document = {
        'about': 'Known answers for the committee stanza and the sealed file, made by tools/vectors/sealing. Bytes are hex.',
        'secondGenerator': {'dst': DST_H.decode(), 'message': H_MESSAGE.decode(), 'point': H.encode()},
        'hashToScalar': [
            {'dst': dst.decode(), 'message': message, 'scalar': scalar_bytes(hash_to_scalar(message, dst))}
            for dst in (DST_SEAL, DST_SHARE) for message in messages
        ],
        'cases': cases,
        'file': sealed_file(cases[0]),
        'passkey': passkey(),
        'refused': refused(),
    }
    text = json.dumps(plain(document), indent=2) + '\n'
    if sys.argv[1:] == ['--check']:
        sys.exit(0 if TARGET.read_text() == text else f'{TARGET.name} differs from what the generator computes')
    TARGET.write_text(text)


if __name__ == '__main__':
    main()
