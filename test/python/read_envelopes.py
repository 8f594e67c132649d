"""Prints what fastavro reads of whole records: a line of JSON each, bytes in hexadecimal."""

import json
import sys

import fastavro


def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if hasattr(value, "timestamp"):
        return round(value.timestamp() * 1000)
    return value


for path in sys.argv[1:]:
    with open(path, "rb") as file:
        for record in fastavro.reader(file, handle_unicode_errors="replace"):
            print(json.dumps(plain(record)))
