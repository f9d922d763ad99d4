"""Who may do what: the cases that contract, custodian, API and client all run. Stated as data, decided by nobody here:
each case names the one code with which everyone refuses it, or null. `now` is the time at which all of them happen.

A case is a message (the template with the `change`), the state of the chain it meets (the template with `state`), and
`code`."""

NOW = 1_800_000_000
HOUR, DAY = 3600, 86_400
FINE_TUNING, EVALUATION, COMMERCIAL, PUBLISH, CLEAN_ROOM = 1 << 1, 1 << 2, 1 << 16, 1 << 17, 1 << 24
LATEST = 2**40 - 1


def case(name, code, change=None, **state):
    return {'name': name, 'code': code, 'change': change or {}, 'state': state}


CONTRIBUTION = {
    'template': {'pool': 1, 'purposes': FINE_TUNING | COMMERCIAL, 'expires': 0, 'flags': 0, 'deadline': str(NOW + HOUR)},
    'state': {'pool': {'exists': True, 'closed': False}, 'dataset': None},
    'cases': [
        case('an ordinary contribution', None),
        case('until a later date', None, {'expires': NOW + 1}),
        case('the latest date there is', None, {'expires': LATEST}),
        case('in the last second of its deadline', None, {'deadline': str(NOW)}),
        case('in ask mode with a raw root', None, {'flags': 3}),
        case('with every defined purpose', None, {'purposes': 0x0007001F}),
        case('with no purpose at all', None, {'purposes': 0}),
        case('a second after its deadline', 'MESSAGE_EXPIRED', {'deadline': str(NOW - 1)}),
        case('of a dataset that is there', 'DATASET_EXISTS', dataset={'withdrawn': False}),
        case('of a dataset that was called back', 'DATASET_WITHDRAWN', dataset={'withdrawn': True}),
        case('for a use without meaning', 'PURPOSES_UNDEFINED', {'purposes': 1 << 5}),
        case('with a permission without meaning', 'PURPOSES_UNDEFINED', {'purposes': 1 << 19}),
        case('for a clean room only, which is reserved', 'PURPOSES_UNDEFINED', {'purposes': FINE_TUNING | CLEAN_ROOM}),
        case('with the highest bit', 'PURPOSES_UNDEFINED', {'purposes': 1 << 31}),
        case('that claims to be withdrawn', 'FLAGS_UNDEFINED', {'flags': 4}),
        case('with a flag without meaning', 'FLAGS_UNDEFINED', {'flags': 128}),
        case('that expires now', 'CONSENT_EXPIRED', {'expires': NOW}),
        case('that expired in 1970', 'CONSENT_EXPIRED', {'expires': 1}),
        case('to a pool that does not exist', 'POOL_UNKNOWN', pool={'exists': False, 'closed': False}),
        case('to a pool that is closed', 'POOL_IS_CLOSED', pool={'exists': True, 'closed': True}),
        case('late and to a closed pool: the deadline first', 'MESSAGE_EXPIRED', {'deadline': '0'},
             pool={'exists': True, 'closed': True}),
    ],
}

CONSENT_UPDATE = {
    'template': {'purposes': EVALUATION, 'expires': 0, 'ask': False, 'issued': NOW - 10, 'deadline': str(NOW + HOUR)},
    'state': {'dataset': {'withdrawn': False, 'issued': 0}},
    'cases': [
        case('the first change', None),
        case('a newer change', None, dataset={'withdrawn': False, 'issued': NOW - 11}),
        case('issued in this second', None, {'issued': NOW}),
        case('to no purpose', None, {'purposes': 0}),
        case('to ask mode', None, {'ask': True}),
        case('a second after its deadline', 'MESSAGE_EXPIRED', {'deadline': str(NOW - 1)}),
        case('of a dataset that is not there', 'DATASET_UNKNOWN', dataset=None),
        case('of a withdrawn dataset', 'DATASET_WITHDRAWN', dataset={'withdrawn': True, 'issued': 0}),
        case('to a purpose without meaning', 'PURPOSES_UNDEFINED', {'purposes': 1 << 15}),
        case('to a clean room, which is reserved', 'PURPOSES_UNDEFINED', {'purposes': CLEAN_ROOM}),
        case('that expires now', 'CONSENT_EXPIRED', {'expires': NOW}),
        case('issued in the next second', 'CONSENT_FROM_FUTURE', {'issued': NOW + 1}),
        case('said again', 'CONSENT_OUTDATED', dataset={'withdrawn': False, 'issued': NOW - 10}),
        case('older than the last one', 'CONSENT_OUTDATED', dataset={'withdrawn': False, 'issued': NOW - 9}),
        case('issued at no time', 'CONSENT_OUTDATED', {'issued': 0}),
    ],
}

GOOD_RECIPIENT = '0x' + '09' + '00' * 31
# The u-coordinates of low order on Curve25519 in their encodings below 2^255, little endian, and some with the top bit,
# which X25519 ignores. Order 8 twice, then 1, 0, -1 and what is congruent to 0 and 1.
P25519 = 2**255 - 19
ORDER_8 = (325606250916557431795983626356110631294008115727848805560023387167927233504,
           39382357235489614581723060781553021112529911719440698176882885853963445705823)
LOW_ORDER = [n for n in (0, 1, *ORDER_8, P25519 - 1, P25519, P25519 + 1)]


def little(n):
    return '0x' + n.to_bytes(32, 'little').hex()


def _is_low_order(u):
    """By the Montgomery ladder's doubling: 8 times the point is at infinity (z = 0)."""
    x, z = u % P25519, 1
    for _ in range(3):
        a, b = (x + z) ** 2 % P25519, (x - z) ** 2 % P25519
        c = (a - b) % P25519
        x, z = a * b % P25519, c * (b + 121666 * c) % P25519
    return z == 0


assert all(_is_low_order(u) for u in LOW_ORDER) and not _is_low_order(9)

ACCESS_REQUEST = {
    'template': {
        'pool': 1, 'purposes': FINE_TUNING | COMMERCIAL, 'count': 3, 'recipient': GOOD_RECIPIENT,
        'maxTotalPrice': '300', 'expires': NOW + DAY, 'deadline': str(NOW + HOUR),
    },
    'state': {
        'request': None, 'trainer': {'approvedUntil': NOW + DAY, 'suspended': False},
        'pool': {'exists': True, 'closed': False, 'price': '100'},
    },
    'cases': [
        case('an ordinary request', None),
        case('in the last second of the approval', None, trainer={'approvedUntil': NOW, 'suspended': False}),
        case('that expires in the next second', None, {'expires': NOW + 1}),
        case('for a use alone', None, {'purposes': FINE_TUNING}),
        case('a second after its deadline', 'MESSAGE_EXPIRED', {'deadline': str(NOW - 1)}),
        case('that has expired', 'REQUEST_EXPIRED', {'expires': NOW}),
        case('for nothing', 'COUNT_ZERO', {'count': 0}),
        case('for a purpose without meaning', 'PURPOSES_UNDEFINED', {'purposes': FINE_TUNING | 1 << 20}),
        case('for a clean room, which is reserved', 'PURPOSES_UNDEFINED', {'purposes': FINE_TUNING | CLEAN_ROOM}),
        case('for two uses', 'PURPOSE_NOT_SINGLE', {'purposes': FINE_TUNING | EVALUATION}),
        case('for no use', 'PURPOSE_NOT_SINGLE', {'purposes': COMMERCIAL}),
        *[case(f'to a recipient of low order, {n}', 'RECIPIENT_LOW_ORDER', {'recipient': little(u)})
          for n, u in enumerate(LOW_ORDER, 1)],
        *[case(f'to a recipient of low order with the top bit, {n}', 'RECIPIENT_LOW_ORDER',
               {'recipient': little(u | 1 << 255)}) for n, u in enumerate(LOW_ORDER[:3], 1)],
        case('said again', 'REQUEST_EXISTS', request={}),
        case('by somebody who was never approved', 'TRAINER_NOT_APPROVED', trainer={'approvedUntil': 0, 'suspended': False}),
        case('a second after the approval', 'TRAINER_NOT_APPROVED', trainer={'approvedUntil': NOW - 1, 'suspended': False}),
        case('by a suspended trainer', 'TRAINER_IS_SUSPENDED', trainer={'approvedUntil': NOW + DAY, 'suspended': True}),
        case('in a pool that does not exist', 'POOL_UNKNOWN', pool={'exists': False, 'closed': False, 'price': '0'}),
        case('in a pool that is closed', 'POOL_IS_CLOSED', pool={'exists': True, 'closed': True, 'price': '100'}),
        case('above the maximum by one', 'PRICE_ABOVE_MAXIMUM', {'maxTotalPrice': '299'}),
        case('beyond what an escrow can hold', 'ESCROW_TOO_LARGE', {'maxTotalPrice': str(2**256 - 1)},
             pool={'exists': True, 'closed': False, 'price': str(2**128 - 1)}),
    ],
}

# What a custodian decides for one dataset of an order (check 4), after the manifest and before the content.
RELEASE = {
    'template': {'pool': 1, 'purposes': FINE_TUNING | COMMERCIAL},
    'state': {
        'dataset': {'pool': 1, 'purposes': FINE_TUNING | COMMERCIAL | PUBLISH, 'expires': 0, 'ask': False, 'withdrawn': False},
        'approval': 'none',
    },
    'cases': [],
}


def _release(name, code, approval='none', change=None, **dataset):
    merged = {**RELEASE['state']['dataset'], **dataset}
    RELEASE['cases'].append(case(name, code, change, dataset=merged, approval=approval))


_release('as consented', None)
_release('for less than consented', None, change={'purposes': FINE_TUNING})
_release('a second before the consent expires', None, expires=NOW + 1)
_release('in ask mode with a yes', None, approval='granted', ask=True)
_release('without ask mode nobody needs a yes', None, ask=False)
RELEASE['cases'].append(case('of a dataset that is not there', 'DATASET_UNKNOWN', dataset=None))
_release('of a withdrawn dataset', 'CONSENT_WITHDRAWN', withdrawn=True)
_release('of a tombstone', 'CONSENT_WITHDRAWN', withdrawn=True, pool=0, purposes=0)
_release('of a dataset of another pool', 'DATASET_OTHER_POOL', pool=2)
_release('in the second in which the consent expires', 'CONSENT_EXPIRED', expires=NOW)
_release('for a use not consented to', 'CONSENT_PURPOSE_MISSING', change={'purposes': EVALUATION})
_release('commercially where that was not consented to', 'CONSENT_PURPOSE_MISSING', purposes=FINE_TUNING)
_release('where nothing is consented to', 'CONSENT_PURPOSE_MISSING', purposes=0)
_release('in ask mode without an answer', 'APPROVAL_MISSING', ask=True)
_release('in ask mode after a no', 'APPROVAL_REFUSED', approval='refused', ask=True)
_release('expired and not consented to: the expiry first', 'CONSENT_EXPIRED', expires=1, purposes=0)

REFUSALS = {
    'now': NOW,
    'Contribution': CONTRIBUTION,
    'ConsentUpdate': CONSENT_UPDATE,
    'AccessRequest': ACCESS_REQUEST,
    'Release': RELEASE,
}

PURPOSES = {
    'defined': 0x0007001F,
    'bits': {
        'pretraining': 0, 'fine-tuning': 1, 'evaluation': 2, 'retrieval': 3, 'synthetic-data': 4,
        'commercial': 16, 'publish-weights': 17, 'keep-derived': 18, 'clean-room': 24,
    },
}


def allows(consent, request):
    """Written with sets of bits, as the protocol says it: permits ⊆ permits, restrictions ⊆ restrictions."""
    bits = lambda n: {i for i in range(32) if n >> i & 1}
    permit, restrict = set(range(24)), set(range(24, 32))
    c, r = bits(consent), bits(request)
    return (r & permit) <= (c & permit) and (c & restrict) <= (r & restrict)


def purpose_cases():
    uses = [0, 1 << 0, 1 << 1, 1 << 4]
    rest = [0, COMMERCIAL, COMMERCIAL | PUBLISH, 1 << 18, CLEAN_ROOM, CLEAN_ROOM | COMMERCIAL, 1 << 31]
    consents = sorted({u | e | r for u in uses for e in (0, EVALUATION) for r in rest} | {0x0007001F, 0xFFFFFFFF})
    requests = sorted({u | r for u in uses[1:] for r in rest})
    return [{'consent': c, 'request': r, 'allowed': allows(c, r)} for c in consents for r in requests]
