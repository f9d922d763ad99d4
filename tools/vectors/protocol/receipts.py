"""Consent receipts: the JSON-LD that follows from signed messages, written down a second time from the text of
libs/protocol/src/consent-receipt and of DPV's guide to ISO/IEC TS 27560."""
import copy
import datetime
import hashlib
import json

import eip712
import secp256k1
import unixfs
from keccak import keccak256

CONTEXT = {
    'dct': 'http://purl.org/dc/terms/', 'dpv': 'https://w3id.org/dpv#', 'dpv-ai': 'https://w3id.org/dpv/ai#',
    'granary': 'urn:granary:', 'rdf': 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
    'skos': 'http://www.w3.org/2004/02/skos/core#', 'granary:evidence': {'@type': '@json'},
}
RESEARCH, SERVICE = 'dpv:ResearchAndDevelopment', 'dpv:ServiceProvision'
PURPOSES = [
    (0, 'pretraining', 'Train a model from scratch', RESEARCH, 'dpv-ai:ModelTraining'),
    (1, 'fine-tuning', 'Improve an existing model', RESEARCH, 'dpv-ai:ModelFineTuning'),
    (2, 'evaluation', 'Test a model', RESEARCH, 'dpv-ai:Benchmarking'),
    (3, 'retrieval', 'Let a model look things up', SERVICE, 'dpv-ai:InformationRetrieval'),
    (4, 'synthetic-data', 'Make artificial data', RESEARCH, 'dpv:SyntheticData'),
    (16, 'commercial', 'Commercial use', 'dpv:CommercialPurpose', 'dpv:CommercialPurpose'),
    (17, 'publish-weights', 'Publish the model', 'dpv:Purpose', 'dpv:Disseminate'),
    (18, 'keep-derived', 'Keep what was derived', 'dpv:Purpose', 'dpv:DerivedData'),
]


def canonical(value):
    """RFC 8785 for what these documents hold: ASCII names, whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()


def raw_cid(digest):
    return unixfs.text(unixfs.cid(unixfs.RAW, digest))


def digest_of(event):
    return '0x' + eip712.struct_hash(event['type'], event['message']).hex()


def purposes(bits, permitted):
    return [
        {'@id': f'urn:granary:purpose:{name}', '@type': 'dpv:Purpose', 'skos:prefLabel': label, 'skos:broader': broader,
         'skos:related': related}
        for bit, name, label, broader, related in PURPOSES if bool(bits >> bit & 1) == permitted
    ]


def terms_of(event):
    message = event['message']
    ask = message['ask'] if event['type'] == 'ConsentUpdate' else bool(message['flags'] & 1)
    return message['purposes'], message['expires'], ask


def status(chain, owner, event):
    found = {
        '@type': 'dpv:ConsentWithdrawn' if event['type'] == 'Withdrawal' else ['dpv:ConsentGiven', 'dpv:ExpressedConsent'],
        'dpv:isIndicatedBy': f'did:pkh:eip155:{chain}:{owner}',
        'dpv:isIndicatedAtTime': event['time'],
        'dpv:hasIndicationMethod': 'EIP-712 message signed by the wallet of the data subject',
        'dct:source': f'urn:granary:eip155:{chain}:transaction:{event["transaction"]}',
        'granary:message': f'urn:granary:message:{event["type"]}:{digest_of(event)}',
    }
    if event['type'] == 'Withdrawal':
        return found
    bits, expires, ask = terms_of(event)
    found['dpv:hasPurpose'] = [f'urn:granary:purpose:{name}' for bit, name, *_ in PURPOSES if bits >> bit & 1]
    if expires == 0:
        found['dpv:hasDuration'] = {'@type': 'dpv:UntilEventDuration', 'rdf:value': 'Until withdrawn'}
    else:
        end = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=min(expires, 253402214400))
        found['dpv:hasDuration'] = {'@type': 'dpv:UntilTimeDuration', 'rdf:value': end.isoformat() + 'Z'}
    found['granary:askEachTime'] = ask
    return found


def receipt(evidence):
    contracts, events, metadata = evidence['contracts'], evidence['events'], evidence['metadata']
    chain, first = contracts['chainId'], events[0]['message']
    owner, content = first['owner'], bytes.fromhex(first['content'][2:])
    dataset = '0x' + keccak256(bytes.fromhex(owner[2:]).rjust(32, b'\0') + content).hex()
    network = f'urn:granary:eip155:{chain}:{contracts["datasetRegistry"]}'
    did = lambda address: f'did:pkh:eip155:{chain}:{address}'
    bits, _, ask = terms_of([event for event in events if event['type'] != 'Withdrawal'][-1])
    codec = unixfs.RAW if first['flags'] & 2 else unixfs.DAG_PB
    data = {
        '@id': 'ipfs://' + unixfs.text(unixfs.cid(codec, content)), '@type': 'dpv:PersonalData', 'dct:identifier': dataset,
        'granary:metadata': 'ipfs://' + raw_cid(bytes.fromhex(first['metadata'][2:])),
    }
    if metadata is not None:
        names = (('title', 'title'), ('description', 'description'), ('format', 'mediaType'), ('extent', 'size'),
                 ('license', 'license'), ('conformsTo', 'schema'))
        data.update({f'dct:{name}': metadata[key] for name, key in names if key in metadata})
    who = 'Trainers whom the DAO has approved, each for one paid request'
    record = {
        '@id': f'{network}:dataset:{dataset}', '@type': 'dpv:ConsentRecord',
        'dct:conformsTo': 'https://w3id.org/dpv/schema/dpv-27560#record', 'dct:created': events[0]['time'],
        'dpv:hasIdentifier': dataset,
        'dpv:hasDataSubject': {'@id': did(owner), '@type': 'dpv:DataSubject', 'dpv:hasIdentifier': owner},
        'dpv:hasDataController': {
            '@id': did(contracts['timelock']), '@type': 'dpv:DataController', 'dpv:hasName': 'Granary DAO',
            'dpv:hasIdentifier': [
                did(contracts[name]) for name in ('datasetRegistry', 'accessRequests', 'trainerRegistry', 'timelock')]},
        'dpv:hasLegalBasis': 'dpv:ExplicitlyExpressedConsent',
        'dpv:hasProcess': {
            '@type': 'dpv:Process', 'dpv:hasPurpose': purposes(bits, True), 'dpv:hasPersonalData': data,
            'dpv:hasDataSource': 'dpv:DataSubjectDataSource', 'dpv:hasProcessing': ['dpv:Store', 'dpv:Share', 'dpv:Use'],
            'dpv:hasRecipient': {
                '@id': did(contracts['trainerRegistry']) + '#trainers', '@type': 'dpv:ThirdParty',
                'dct:description': who + (' and only after a yes of the owner' if ask else '')},
            'dpv:hasStorageCondition': [
                {'@type': 'dpv:StorageLocation', 'dpv:hasLocation': 'dpv:DecentralisedLocations'},
                {'@type': 'dpv:StorageDuration', 'dpv:hasDuration': {
                    '@type': 'dpv:UntilEventDuration',
                    'rdf:value': 'Sealed; until its owner has withdrawn it and asked for its erasure'}}]},
        'dpv:hasProhibition': {'@type': 'dpv:Prohibition', 'dpv:hasPurpose': purposes(bits, False)},
        'dpv:hasNotice': {
            '@id': 'ipfs://' + raw_cid(bytes.fromhex(evidence['terms'][2:])), '@type': 'dpv:ConsentNotice',
            'dct:isPartOf': f'{network}:pool:{first["pool"]}'},
        'dpv:hasConsentControl': {
            '@type': ['dpv:WithdrawConsent', 'dpv:ProvideConsent'], 'dpv:isExercisedAt': did(contracts['datasetRegistry']),
            'dct:description': 'Sign a Withdrawal or a ConsentUpdate for the registry. It ends every future release and '
                               'cannot take back what a trainer already has.'},
        'dpv:hasRight': {
            '@type': 'dpv:DataSubjectRight', 'dct:title': 'Right to withdraw consent',
            'dpv:isExercisedAt': did(contracts['datasetRegistry'])},
        'dpv:hasConsentStatus': [status(chain, owner, event) for event in events],
    }
    name = f'{network}:receipt:{digest_of(events[-1])}'
    return {
        '@context': CONTEXT, '@id': name, '@type': 'dpv:ConsentReceipt',
        'dct:conformsTo': 'https://w3id.org/dpv/schema/dpv-27560#receipt', 'dct:created': events[-1]['time'],
        'dct:language': 'en', 'dct:publisher': {'@id': did(contracts['timelock'])}, 'dpv:hasIdentifier': name,
        'dpv:hasRecordOfActivity': record, 'granary:evidence': evidence,
    }


def make(key, chain_id, contract, word):
    owner = secp256k1.address(key)
    other = lambda text: secp256k1.checksum(keccak256(b'granary test vector: ' + text.encode())[12:])
    contracts = {
        'chainId': chain_id, 'datasetRegistry': contract, 'trainerRegistry': other('trainer registry'),
        'accessRequests': other('access requests'), 'timelock': other('timelock'),
    }
    metadata = {
        'version': 'granary/metadata/v1', 'title': 'Pas d’été', 'description': 'Steps, day by day.', 'mediaType': 'text/csv',
        'size': 1234, 'schema': 'day, steps', 'license': 'CC-BY-4.0',
    }
    digest = '0x' + hashlib.sha256(canonical(metadata)).hexdigest()
    content = word('content')
    dataset = '0x' + keccak256(bytes.fromhex(owner[2:]).rjust(32, b'\0') + bytes.fromhex(content[2:])).hex()

    def event(kind, message, place):
        signature = secp256k1.sign(key, eip712.digest(kind, message, chain_id, contract))
        return {
            'type': kind, 'message': message, 'signature': '0x' + signature.hex(), 'signedBy': 'key', 'block': 100 + place,
            'transaction': word(f'transaction {place}'), 'time': f'2027-01-15T08:0{place}:00.000Z',
        }

    def contribution(**change):
        message = {
            'owner': owner, 'content': content, 'metadata': digest, 'pool': 1, 'purposes': 65538, 'expires': 1893456000,
            'flags': 2, 'deadline': '1800003600', **change}
        return event('Contribution', message, 0)

    def update(place, **change):
        message = {
            'dataset': dataset, 'purposes': 4, 'expires': 0, 'ask': True, 'issued': 1800000000 + place,
            'deadline': '1800003600', **change}
        return event('ConsentUpdate', message, place)

    withdrawal = lambda place: event('Withdrawal', {'owner': owner, 'content': content}, place)
    evidence = lambda *events, **change: {
        'version': 'granary/consent-receipt/v1', 'contracts': contracts, 'terms': word('terms'), 'metadata': metadata,
        'events': list(events), **change}
    cases = [
        ('given', evidence(contribution())),
        ('given for nothing, until withdrawn, in ask mode, a file of several blocks',
         evidence(contribution(purposes=0, expires=0, flags=1))),
        ('changed twice', evidence(contribution(), update(1), update(2, purposes=0x7001F, expires=2**40 - 1, ask=False))),
        ('changed and withdrawn', evidence(contribution(), update(1), withdrawal(2))),
        ('withdrawn', evidence(contribution(), withdrawal(1))),
        ('without its metadata', evidence(contribution(), metadata=None)),
    ]
    return {
        'dataset': dataset, 'owner': owner,
        'cases': [{'name': name, 'receipt': copy.deepcopy(receipt(found))} for name, found in cases],
        'otherKey': '0x' + ((key * 7) % secp256k1.N).to_bytes(32, 'big').hex(),
    }
