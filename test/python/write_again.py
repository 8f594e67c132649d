"""Writes the records of a container again with fastavro, into FOLDER/CODEC.avro for each codec that it has, and prints the paths.

Usage: write_again.py CONTAINER FOLDER CODEC...
"""

import os
import sys

import fastavro

container, folder, *codecs = sys.argv[1:]
for codec in codecs:
    path = os.path.join(folder, f"{codec}.avro")
    with open(container, "rb") as source, open(path, "wb") as target:
        records = fastavro.reader(source, handle_unicode_errors="replace")
        fastavro.writer(target, records.writer_schema, records, codec=codec, sync_interval=4000)
    print(path)
