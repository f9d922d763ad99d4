"""Metadata documents: RFC 8785 JSON of members whose names are ASCII and whose numbers are whole, and its SHA-256."""
import hashlib
import json

OLD = {
    'version': 'granary/metadata/v1', 'title': 'Sleep diary', 'description': 'x' * 5000, 'mediaType': 'text/csv',
    'size': 31, 'license': 'CC-BY-4.0', 'schema': 'https://schema.example/sleep',
}
PLAIN = {'version': 'granary/metadata/v1', 'title': '', 'description': '', 'mediaType': 'text/plain', 'size': 0,
         'license': ''}
TABLE = {
    **PLAIN, 'title': 'Schlaftagebuch – 2024', 'mediaType': 'text/csv', 'size': 9007199254740991,
    'schema': {
        'version': 'granary/schema/v1', 'format': 'csv', 'rows': 366, 'rowsExact': True,
        'columns': [{'name': 'jour, "matin"', 'type': 'date'}, {'name': 'größe 😀\n', 'type': 'number'},
                    {'name': '', 'type': 'mixed'}],
        'from': '2024-01-01', 'to': '2024-12-31',
    },
}
ARCHIVE = {
    'version': 'granary/metadata/v1', 'title': 'Export', 'mediaType': 'application/zip', 'size': 1000, 'license': '',
    'schema': {'format': 'zip', 'entries': [{'kind': 'csv', 'count': 2, 'bytes': 300},
                                            {'kind': 'jpg', 'count': 1, 'bytes': 0}]},
}


def metadata():
    documents = []
    for document in (PLAIN, OLD, TABLE, ARCHIVE):
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(',', ':'))
        digest = hashlib.sha256(text.encode()).hexdigest()
        documents.append({'document': document, 'bytes': text, 'digest': '0x' + digest})
    return {'documents': documents}
