"""
Writes Parquet files by Arrow with the property that parquet-avro leaves, in the encodings and codecs that parquet-avro
writes seldom or never, and beside them their records in Avro's binary encoding, in hex: all files have the same.

    python arrow_files.py FOLDER TINY     (pyarrow 26.0.1)

TINY: folder for the twelve records of TinyFiles.java, four in a row group, with a checksum over each page.
"""

import json
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 300
LARGEST = (1 << 63) - 1
AVRO = {
    "type": "record",
    "name": "Arrow",
    "fields": [
        {"name": "id", "type": "long"},
        {"name": "number", "type": "int"},
        {"name": "flag", "type": "boolean"},
        {"name": "ratio", "type": "float"},
        {"name": "amount", "type": ["null", "double"]},
        {"name": "word", "type": ["null", "string"]},
        {"name": "raw", "type": "bytes"},
        {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 3}},
        {"name": "tags", "type": {"type": "array", "items": ["null", "string"]}},
    ],
}
COLUMNS = pa.schema(
    [
        pa.field("id", pa.int64(), False),
        pa.field("number", pa.int32(), False),
        pa.field("flag", pa.bool_(), False),
        pa.field("ratio", pa.float32(), False),
        pa.field("amount", pa.float64(), True),
        pa.field("word", pa.string(), True),
        pa.field("raw", pa.binary(), False),
        pa.field("hash", pa.binary(3), False),
        pa.field("tags", pa.list_(pa.field("element", pa.string(), True)), False),
    ],
    metadata={"parquet.avro.schema": json.dumps(AVRO)},
)


def row(i):
    """Numbers go up and down over all of their bits."""
    return {
        "id": [i, -i, LARGEST - i, i - LARGEST - 1, i * 1000000007 * (-1 if i % 2 else 1)][i % 5],
        "number": [i, -i, 2**31 - 1 - i, i - 2**31][i % 4],
        "flag": i % 3 == 0,
        "ratio": i / 8,
        "amount": None if i % 7 == 0 else i / 16,
        "word": None if i % 5 == 0 else "word %d of %s" % (i, "x" * (i % 40)),
        "raw": bytes([i % 256] * (i % 4)),
        "hash": bytes([i % 256, 1, 2]),
        "tags": [None if place == 1 else "tag %d" % (i + place) for place in range(i % 4)],
    }


def number(value):
    value = (value << 1) ^ (value >> 63)
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def counted(value):
    value = value.encode() if isinstance(value, str) else value
    return number(len(value)) + value


def optional(value, encode):
    return number(0) if value is None else number(1) + encode(value)


def datum(row):
    items = b"".join(optional(tag, counted) for tag in row["tags"])
    return (
        number(row["id"])
        + number(row["number"])
        + bytes([row["flag"]])
        + struct.pack("<f", row["ratio"])
        + optional(row["amount"], lambda value: struct.pack("<d", value))
        + optional(row["word"], counted)
        + counted(row["raw"])
        + row["hash"]
        + (number(len(row["tags"])) + items if row["tags"] else b"")
        + number(0)
    )


def tiny(folder):
    avro = {
        "type": "record",
        "name": "Event",
        "fields": [{"name": "time", "type": "long"}, {"name": "body", "type": "string"}],
    }
    columns = pa.schema(
        [pa.field("time", pa.int64(), False), pa.field("body", pa.string(), False)],
        metadata={"parquet.avro.schema": json.dumps(avro)},
    )
    text = '{"n":%d,"what":"caf\u00e9 %s"}'
    rows = [{"time": 1414915200000 + i, "body": text % (i, "ab" * i)} for i in range(12)]
    table = pa.Table.from_pylist(rows, schema=columns)
    common = {"row_group_size": 4, "write_statistics": False, "use_dictionary": False, "write_page_checksum": True}
    plain = {"time": "PLAIN", "body": "PLAIN"}
    delta = {"time": "DELTA_BINARY_PACKED", "body": "DELTA_BYTE_ARRAY"}
    pq.write_table(table, folder + "/plain.parquet", compression="none", column_encoding=plain, **common)
    version2 = {"column_encoding": delta, "data_page_version": "2.0"}
    pq.write_table(table, folder + "/delta.parquet", compression="snappy", **version2, **common)


def main(folder, tiny_folder):
    tiny(tiny_folder)
    rows = [row(i) for i in range(ROWS)]
    table = pa.Table.from_pylist(rows, schema=COLUMNS)
    names = [*COLUMNS.names[:-1], "tags.list.element"]
    plain = {name: "PLAIN" for name in names}
    delta = {
        "id": "DELTA_BINARY_PACKED",
        "number": "DELTA_BINARY_PACKED",
        "flag": "RLE",
        "ratio": "BYTE_STREAM_SPLIT",
        "amount": "BYTE_STREAM_SPLIT",
        "word": "DELTA_BYTE_ARRAY",
        "raw": "DELTA_LENGTH_BYTE_ARRAY",
        "hash": "DELTA_BYTE_ARRAY",
        "tags.list.element": "DELTA_LENGTH_BYTE_ARRAY",
    }
    split = {**delta, "id": "BYTE_STREAM_SPLIT", "number": "BYTE_STREAM_SPLIT", "hash": "BYTE_STREAM_SPLIT"}

    def write(name, **options):
        path = "%s/arrow.%s.parquet" % (folder, name)
        pq.write_table(table, path, row_group_size=170, data_page_size=512, write_statistics=False, **options)

    write("plain-brotli", compression="brotli", use_dictionary=False, column_encoding=plain)
    write("dictionary-brotli", compression="brotli", use_dictionary=True)
    write("delta-none", compression="none", use_dictionary=False, column_encoding=delta, write_page_checksum=True)
    write("delta-v2-zstd", compression="zstd", use_dictionary=False, column_encoding=delta, data_page_version="2.0")
    write("split-lz4-raw", compression="lz4", use_dictionary=False, column_encoding=split)
    # A row group of no rows, whose columns have no place.
    pq.write_table(table.slice(0, 0), folder + "/arrow.empty.parquet", compression="snappy")
    with open(folder + "/arrow.hex", "w") as out:
        out.writelines(datum(each).hex() + "\n" for each in rows)


main(sys.argv[1], sys.argv[2])
