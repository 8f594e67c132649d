"""Prints what Spark reads of whole records, and writes them again as its own Avro.

read_envelopes.py JARS OUT FILE..., a line of JSON for each file: its rows in their order, bytes in hexadecimal.
"""
import glob
import json
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

jars, out, *files = sys.argv[1:]
spark = (
    SparkSession.builder.appName("envelopes")
    .master("local[1]")
    .config("spark.jars", ",".join(sorted(glob.glob(jars + "/*.jar"))))
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.hadoop.fs.defaultFS", "file:///")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")


def plain(value):
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if hasattr(value, "asDict"):
        return {name: plain(each) for name, each in value.asDict().items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


for number, path in enumerate(files):
    rows = spark.read.format("avro").load(path)
    shown = rows.withColumn("timestamp", F.unix_millis("timestamp")).orderBy("offset").collect()
    print(json.dumps([plain(row) for row in shown]), flush=True)
    kept = ["key", "value", "topic", "partition", "offset", "timestamp", "timestampType", "headers"]
    rows.select(*kept).coalesce(1).write.format("avro").save("%s/%d" % (out, number))
spark.stop()
