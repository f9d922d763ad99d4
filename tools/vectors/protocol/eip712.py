"""EIP-712 for structs of atomic and dynamic members and arrays of them or of structs: from the text of the EIP."""
from keccak import keccak256

TYPES = {
    'Contribution': 'address owner,bytes32 content,bytes32 metadata,uint16 pool,uint32 purposes,uint40 expires,'
                    'uint8 flags,uint256 deadline',
    'ConsentUpdate': 'bytes32 dataset,uint32 purposes,uint40 expires,bool ask,uint40 issued,uint256 deadline',
    'Withdrawal': 'address owner,bytes32 content',
    'OwnerRelease': 'address owner,bytes32 datasets,bytes32 recipient,uint256 deadline',
    'TrainerApplication': 'address trainer,bytes32 profile,uint256 deadline',
    'AccessRequest': 'address trainer,uint16 pool,uint32 purposes,bytes32 manifestRoot,bytes32 manifestDocument,'
                     'uint32 count,bytes32 recipient,uint256 maxTotalPrice,uint40 expires,bytes32 salt,uint256 deadline',
    'Approval': 'bytes32 request,bytes32 dataset,bool granted,uint256 deadline',
    'ReleaseOrder': 'bytes32 request,bytes32 datasets,uint256 deadline',
    'Receipt': 'bytes32 request,uint32 epoch,bytes32 order,bytes32 datasets,uint40 time',
    'Delivery': 'bytes32 request,uint32 epoch,bytes32 answer',
    'Settlement': 'uint256 number,uint32 epoch,bytes32 root,uint256 total,bytes32 document,bytes32 previousDocument,'
                  'Spending[] spending,bytes32[] finals',
    'Spending': 'bytes32 request,uint256 amount',
    'Join': 'address account,uint256 deadline',
    'Proposal': 'address proposer,address[] targets,uint256[] values,bytes[] calldatas,string description,'
                'uint256 deadline',
    'Ballot': 'uint256 proposalId,uint8 support,address voter,uint256 nonce',
}


def members(name):
    return [tuple(member.split(' ')) for member in TYPES[name].split(',')]


def type_string(name):
    nested = sorted({kind[:-2] for kind, _ in members(name) if kind[:-2] in TYPES})
    return ''.join(f'{struct}({TYPES[struct]})' for struct in [name, *nested])


def word(kind, value):
    if kind in ('address', 'bytes32'):
        raw = bytes.fromhex(value[2:])
        assert len(raw) == (20 if kind == 'address' else 32)
        return raw.rjust(32, b'\0')
    if kind == 'bool':
        assert value is True or value is False
        return int(value).to_bytes(32, 'big')
    if kind.startswith('uint') and not kind.endswith('[]'):
        number = int(value)
        assert 0 <= number < 1 << int(kind[4:])
        return number.to_bytes(32, 'big')
    if kind == 'string':
        return keccak256(value.encode())
    if kind == 'bytes':
        return keccak256(bytes.fromhex(value[2:]))
    if kind.endswith('[]'):
        inner = kind[:-2]
        encode = (lambda item: struct_hash(inner, item)) if inner in TYPES else (lambda item: word(inner, item))
        return keccak256(b''.join(encode(item) for item in value))
    raise ValueError(kind)


def struct_hash(name, message):
    fields = members(name)
    assert [field for _, field in fields] == list(message)
    encoded = b''.join(word(kind, message[field]) for kind, field in fields)
    return keccak256(keccak256(type_string(name).encode()) + encoded)


def domain_separator(chain_id, contract, name='Granary', version='1'):
    kind = b'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
    return keccak256(
        keccak256(kind) + keccak256(name.encode()) + keccak256(version.encode())
        + word('uint256', chain_id) + word('address', contract)
    )


def digest(name, message, chain_id, contract):
    return keccak256(b'\x19\x01' + domain_separator(chain_id, contract) + struct_hash(name, message))
