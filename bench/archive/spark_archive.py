"""Reads a Kafka topic from its beginning to its end with Spark, and writes its records as Avro by hour to HDFS.

spark_archive.py JARS BROKERS HDFS_URL TOPIC SCHEMA_FILE OUT, on two cores: one task a partition, deflate as Spark has it.
"""
import glob
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro

jars, brokers, hdfs, topic, schema_file, out = sys.argv[1:]
spark = (
    SparkSession.builder.appName("archive")
    .master("local[2]")
    .config("spark.driver.memory", "6g")
    .config("spark.jars", ",".join(sorted(glob.glob(jars + "/*.jar"))))
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.hadoop.fs.defaultFS", hdfs)
    .config("spark.hadoop.dfs.replication", "1")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.avro.compression.codec", "deflate")
    # Spares it the sort by hour before the write.
    .config("spark.sql.maxConcurrentOutputFileWriters", "100")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
with open(schema_file) as file:
    schema = file.read()
rows = (
    spark.read.format("kafka")
    .option("kafka.bootstrap.servers", brokers)
    .option("subscribe", topic)
    .option("startingOffsets", "earliest")
    .option("endingOffsets", "latest")
    .option("failOnDataLoss", "true")
    .option("kafka.isolation.level", "read_committed")
    .option("kafka.max.partition.fetch.bytes", str(4 << 20))
    .option("kafka.max.poll.records", "5000")
    .load()
)
event = from_avro(F.expr("substring(value, 6)"), schema, {"mode": "FAILFAST"}).alias("event")
hour = F.date_format(F.timestamp_millis("header.time"), "yyyy-MM-dd-HH")
rows.select(event).select("event.*").withColumn("hour", hour).write.format("avro").partitionBy("hour").save(out)
spark.stop()
