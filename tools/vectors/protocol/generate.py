#!/usr/bin/env python3
"""Writes test/vectors/{messages,dataset-id,manifest,metadata,cid,purposes,refusals,consent-receipts}.json: what libs/protocol
and the contracts compute, computed a second time from the text of the protocol by code that shares nothing with them.
Standard library only.

    python3 tools/vectors/protocol/generate.py            writes the files
    python3 tools/vectors/protocol/generate.py --check    fails if a file differs from what would be written

Keys in it are derived from public words; none may ever be used for anything else.
"""
import json
import pathlib
import sys

sys.dont_write_bytecode = True

import eip712
import metadata
import receipts
import rules
import secp256k1
import unixfs
from keccak import keccak256

FOLDER = pathlib.Path(__file__).resolve().parents[3] / 'test' / 'vectors'
CHAIN_ID = 31337
KEY = int.from_bytes(keccak256(b'granary test vector: signer'), 'big') % secp256k1.N
OWNER = secp256k1.address(KEY)


def hexed(data):
    return '0x' + data.hex()


def word(text):
    return hexed(keccak256(b'granary test vector: ' + text.encode()))


CONTRACT = secp256k1.checksum(keccak256(b'granary test vector: contract')[12:])


def messages():
    most = str(2**256 - 1)
    samples = [
        ('Contribution', {
            'owner': OWNER, 'content': word('content'), 'metadata': word('metadata'), 'pool': 1, 'purposes': 65538,
            'expires': 1893456000, 'flags': 2, 'deadline': '1800003600'}),
        ('Contribution', {
            'owner': OWNER, 'content': '0x' + 'ff' * 32, 'metadata': '0x' + '00' * 32, 'pool': 65535,
            'purposes': 2**32 - 1, 'expires': 2**40 - 1, 'flags': 255, 'deadline': most}),
        ('ConsentUpdate', {
            'dataset': word('dataset'), 'purposes': 4, 'expires': 0, 'ask': True, 'issued': 1800000000,
            'deadline': '1800003600'}),
        ('ConsentUpdate', {
            'dataset': word('dataset'), 'purposes': 0, 'expires': 2**40 - 1, 'ask': False, 'issued': 2**40 - 1,
            'deadline': '0'}),
        ('Withdrawal', {'owner': OWNER, 'content': word('content')}),
        ('OwnerRelease', {
            'owner': OWNER, 'datasets': word('datasets root'), 'recipient': word('recipient'), 'deadline': '1800003600'}),
        ('TrainerApplication', {'trainer': OWNER, 'profile': word('profile'), 'deadline': '1800003600'}),
        ('AccessRequest', {
            'trainer': OWNER, 'pool': 1, 'purposes': 65538, 'manifestRoot': word('manifest root'),
            'manifestDocument': word('manifest document'), 'count': 3, 'recipient': word('recipient'),
            'maxTotalPrice': '3000000000000000000', 'expires': 1800086400, 'salt': word('salt'),
            'deadline': '1800003600'}),
        ('AccessRequest', {
            'trainer': OWNER, 'pool': 65535, 'purposes': 2**32 - 1, 'manifestRoot': '0x' + 'ff' * 32,
            'manifestDocument': '0x' + '00' * 32, 'count': 2**32 - 1, 'recipient': '0x' + 'ff' * 32,
            'maxTotalPrice': most, 'expires': 2**40 - 1, 'salt': '0x' + '00' * 32, 'deadline': most}),
        ('Approval', {
            'request': word('request'), 'dataset': word('dataset'), 'granted': True, 'deadline': '1800003600'}),
        ('Approval', {
            'request': word('request'), 'dataset': word('dataset'), 'granted': False, 'deadline': '1800003600'}),
        ('ReleaseOrder', {'request': word('request'), 'datasets': word('datasets root'), 'deadline': '1800003600'}),
        ('Receipt', {
            'request': word('request'), 'epoch': 1, 'order': word('order'), 'datasets': word('datasets root'),
            'time': 1800000000}),
        ('Delivery', {'request': word('request'), 'epoch': 1, 'answer': word('answer')}),
        ('Settlement', {
            'number': '1', 'epoch': 1, 'root': word('root'), 'total': '2000', 'document': word('document'),
            'previousDocument': '0x' + '00' * 32,
            'spending': [
                {'request': word('request'), 'amount': '1500'},
                {'request': word('second request'), 'amount': '500'},
            ],
            'finals': [word('second request')]}),
        ('Settlement', {
            'number': '2', 'epoch': 2**32 - 1, 'root': word('root'), 'total': most, 'document': word('document'),
            'previousDocument': word('previous document'), 'spending': [], 'finals': []}),
        ('Join', {'account': OWNER, 'deadline': '1800003600'}),
        ('Join', {'account': CONTRACT, 'deadline': most}),
        ('Proposal', {
            'proposer': OWNER, 'targets': [CONTRACT, OWNER], 'values': ['0', most],
            'calldatas': ['0x' + 'ab' * 68, '0x'], 'description': 'Lower the price of pool 1 \u2013 d\u00e9cid\u00e9e',
            'deadline': '1800003600'}),
        ('Proposal', {
            'proposer': OWNER, 'targets': [], 'values': [], 'calldatas': [], 'description': '', 'deadline': '0'}),
        ('Ballot', {'proposalId': str(int(word('proposal'), 16)), 'support': 1, 'voter': OWNER, 'nonce': '0'}),
        ('Ballot', {'proposalId': '0', 'support': 255, 'voter': OWNER, 'nonce': most}),
    ]
    entries = []
    for name, message in samples:
        digest = eip712.digest(name, message, CHAIN_ID, CONTRACT)
        entries.append({
            'name': name, 'typeString': eip712.type_string(name), 'message': message,
            'structHash': hexed(eip712.struct_hash(name, message)), 'digest': hexed(digest),
            'signature': hexed(secp256k1.sign(KEY, digest)),
        })
    return {
        'chainId': CHAIN_ID, 'verifyingContract': CONTRACT,
        'domainSeparator': hexed(eip712.domain_separator(CHAIN_ID, CONTRACT)),
        'privateKey': hexed(KEY.to_bytes(32, 'big')), 'signer': OWNER, 'messages': entries,
    }


def dataset_ids():
    cases = [
        (OWNER, word('content')), (OWNER, word('other content')), (CONTRACT, word('content')),
        ('0x' + '00' * 20, '0x' + '00' * 32), ('0x' + 'ff' * 20, '0x' + 'ff' * 32),
    ]
    ids = []
    for owner, content in cases:
        raw = bytes.fromhex(owner[2:])
        ids.append({
            'owner': secp256k1.checksum(raw), 'content': content,
            'id': hexed(keccak256(bytes(12) + raw + bytes.fromhex(content[2:]))),
        })
    lists = []
    for count in 1, 2, 3, 256:
        names = sorted(word(f'dataset {i}') for i in range(count))
        lists.append({'datasets': names, 'root': hexed(keccak256(b''.join(bytes.fromhex(n[2:]) for n in names)))})
    return {'ids': ids, 'roots': lists}


def manifest_tree(names, count):
    """Recursive, unlike the tree of libs/protocol: the node over [start, start + width)."""
    def over(start, width):
        if width == 1:
            return keccak256(b'\0' + bytes.fromhex(names[start][2:])) if start < count else bytes(32)
        half = width // 2
        return keccak256(b'\1' + over(start, half) + over(start + half, half))

    def path(index, start, width):
        if width == 1:
            return []
        half = width // 2
        if index < start + half:
            return path(index, start, half) + [over(start + half, half)]
        return path(index, start + half, half) + [over(start, half)]

    width = 1
    while width < count:
        width *= 2
    return over(0, width), lambda index: path(index, 0, width)


def manifests():
    cases = []
    for count in 1, 2, 3, 4, 5, 8, 9, 16, 17:
        names = sorted(word(f'dataset {i}') for i in range(count))
        root, path = manifest_tree(names, count)
        indices = sorted({0, 1, count // 2, count - 1} & set(range(count)))
        proofs = [{'index': i, 'dataset': names[i], 'proof': [hexed(node) for node in path(i)]} for i in indices]
        cases.append({'count': count, 'datasets': names, 'root': hexed(root), 'proofs': proofs})
    # A root over more leaves than the request pays for: what lies beyond its count must not be provable.
    names = sorted(word(f'dataset {i}') for i in range(4))
    root, path = manifest_tree(names, 4)
    beyond = [
        {'count': count, 'index': index, 'dataset': names[index], 'proof': [hexed(node) for node in path(index)]}
        for count, index in ((3, 3), (2, 0), (2, 2), (2, 3), (1, 0), (1, 3), (5, 0), (8, 3), (0, 0))
    ]
    return {'manifests': cases, 'refused': {'root': hexed(root), 'leaves': 4, 'proofs': beyond}}


def cids():
    mib, gib = 1 << 20, 1 << 30
    sizes = [0, 1, mib - 1, mib, mib + 1, 2 * mib, 3 * mib + 5, gib, gib + 1]
    # What Kubo itself gives (its test/cli/cid_profiles_test.go): the ChaCha20 key stream, counter and nonce zero, under
    # the SHA-256 of the seed.
    kubo = [
        {'seed': 'chunk-v1-seed', 'size': mib, 'cid': 'bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta'},
        {'seed': 'chunk-v1-seed', 'size': mib + 1, 'cid': 'bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64'},
        {'seed': 'v1-2025-seed', 'size': gib + 1, 'cid': 'bafybeibdsi225ugbkmpbdohnxioyab6jsqrmkts3twhpvfnzp77xtzpyhe'},
    ]
    files = [unixfs.file_cid(size) for size in sizes]
    # Around 2 and 4 GiB a size takes another number of bits, which not every encoder of protobuf gets right. Too long to
    # be hashed in a test: their trees are made of the leaves' digests, which repeat.
    large = [2 * gib - 1, 2 * gib, 2 * gib + 1, 3 * gib + 524_737, 4 * gib - 1, 4 * gib, 4 * gib + 1, 5 * gib]
    trees = [unixfs.file_cid(size) for size in large]
    return {'pattern': 'byte number i is (i + (i >> 20)) mod 251', 'files': files, 'trees': trees, 'kubo': kubo}


def purposes():
    return {**rules.PURPOSES, 'cases': rules.purpose_cases()}


FILES = {
    'messages': messages, 'dataset-id': dataset_ids, 'manifest': manifests, 'metadata': metadata.metadata, 'cid': cids,
    'purposes': purposes, 'refusals': lambda: rules.REFUSALS,
    'consent-receipts': lambda: receipts.make(KEY, CHAIN_ID, CONTRACT, word),
}


def main():
    differs = []
    for name, make in FILES.items():
        target = FOLDER / f'{name}.json'
        text = json.dumps(make(), indent=1) + '\n'
        if '--check' not in sys.argv:
            FOLDER.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        elif not target.exists() or target.read_text() != text:
            differs.append(target.name)
    if differs:
        sys.exit(f'differs from what the protocol says: {", ".join(differs)}')


if __name__ == '__main__':
    main()
