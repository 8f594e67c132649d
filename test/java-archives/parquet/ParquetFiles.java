import java.io.File;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Writes small Parquet files by parquet-avro, as Kafka Connect does, and beside each its records in Avro's binary encoding, in hex. */
public class ParquetFiles {
  static final Random random = new Random(14);

  public static void main(String[] args) throws Exception {
    String out = args[0];
    Schema all = new Schema.Parser().parse(new File(args[1]));
    List<GenericData.Record> records = new ArrayList<>();
    for (int i = 0; i < 60; i++) records.add(record(all, i, 0));
    write(out, "all.none", all, records, CompressionCodecName.UNCOMPRESSED, true, ParquetProperties.WriterVersion.PARQUET_1_0, 512, 1L << 20, true);
    write(out, "all.snappy", all, records, CompressionCodecName.SNAPPY, true, ParquetProperties.WriterVersion.PARQUET_1_0, 1 << 16, 1L << 20, true);
    write(out, "all.gzip", all, records, CompressionCodecName.GZIP, true, ParquetProperties.WriterVersion.PARQUET_1_0, 512, 1L << 20, true);
    write(out, "all.zstd", all, records, CompressionCodecName.ZSTD, true, ParquetProperties.WriterVersion.PARQUET_1_0, 512, 1L << 20, false);
    write(out, "all.lz4-raw", all, records, CompressionCodecName.LZ4_RAW, true, ParquetProperties.WriterVersion.PARQUET_1_0, 512, 1L << 20, false);
    Schema allNew = new Schema.Parser().parse(new File(args[2]));
    List<GenericData.Record> newer = new ArrayList<>();
    for (int i = 0; i < 60; i++) newer.add(record(allNew, i, 0));
    write(out, "all.new-lists", allNew, newer, CompressionCodecName.SNAPPY, false, ParquetProperties.WriterVersion.PARQUET_1_0, 512, 1L << 20, true);
    write(out, "all.v2", all, records, CompressionCodecName.SNAPPY, true, ParquetProperties.WriterVersion.PARQUET_2_0, 512, 1L << 20, true);
    write(out, "all.v2-delta", all, records, CompressionCodecName.UNCOMPRESSED, true, ParquetProperties.WriterVersion.PARQUET_2_0, 512, 1L << 20, false);
    write(out, "all.lz4", all, records, CompressionCodecName.LZ4, true, ParquetProperties.WriterVersion.PARQUET_1_0, 512, 1L << 20, false);
    List<GenericData.Record> many = new ArrayList<>();
    Schema small = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"Small\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"time\",\"type\":\"long\"},{\"name\":\"word\",\"type\":[\"null\",\"string\"]},{\"name\":\"flags\",\"type\":{\"type\":\"array\",\"items\":\"boolean\"}}]}");
    for (int i = 0; i < 1000; i++) many.add(record(small, i, 0));
    write(out, "row-groups.snappy", small, many, CompressionCodecName.SNAPPY, true, ParquetProperties.WriterVersion.PARQUET_1_0, 256, 4L << 10, true);
    write(out, "empty.snappy", small, new ArrayList<>(), CompressionCodecName.SNAPPY, true, ParquetProperties.WriterVersion.PARQUET_1_0, 256, 4L << 10, true);
  }

  static void write(String out, String name, Schema schema, List<GenericData.Record> records, CompressionCodecName codec,
      boolean oldLists, ParquetProperties.WriterVersion version, int page, long group, boolean dictionary) throws Exception {
    Configuration conf = new Configuration();
    conf.setBoolean("parquet.avro.write-old-list-structure", oldLists);
    File file = new File(out, name + ".parquet");
    file.delete();
    try (ParquetWriter<GenericData.Record> writer = AvroParquetWriter.<GenericData.Record>builder(new Path(file.toURI()))
        .withSchema(schema).withConf(conf).withCompressionCodec(codec).withWriterVersion(version).withPageSize(page)
        .withRowGroupSize(group).withDictionaryEncoding(dictionary).withDictionaryPageSize(1024).build()) {
      for (GenericData.Record record : records) writer.write(record);
    }
    new File(out, "." + name + ".parquet.crc").delete();
    Configuration reading = new Configuration();
    reading.setBoolean("parquet.avro.readInt96AsFixed", true);
    int count = 0;
    StringBuilder hex = new StringBuilder();
    try (ParquetReader<GenericData.Record> reader = AvroParquetReader.<GenericData.Record>builder(new Path(file.toURI()))
        .withDataModel(GenericData.get()).withConf(reading).build()) {
      for (GenericData.Record read = reader.read(); read != null; read = reader.read(), count++) {
        // Maps of Java come back in an order of their own: what they hold is compared, and the file has the order of writing.
        if (!sorted(read).equals(sorted(records.get(count)))) throw new IllegalStateException(name + " " + count);
        hex.append(hex(records.get(count), schema)).append('\n');
      }
    }
    if (count != records.size()) throw new IllegalStateException(name + ": " + count);
    Files.write(Paths.get(out, name + ".hex"), hex.toString().getBytes(StandardCharsets.UTF_8));
    System.out.println(name + " " + file.length() + " " + count);
  }

  static String hex(GenericData.Record record, Schema schema) throws Exception {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericData.Record>(schema).write(record, encoder);
    encoder.flush();
    StringBuilder text = new StringBuilder();
    for (byte b : bytes.toByteArray()) text.append(String.format("%02x", b));
    return text.toString();
  }

  static String sorted(Object value) {
    if (value instanceof Map) {
      TreeMap<String, String> map = new TreeMap<>();
      ((Map<?, ?>) value).forEach((key, item) -> map.put(key.toString(), sorted(item)));
      return map.toString();
    }
    if (value instanceof List) {
      StringBuilder text = new StringBuilder("[");
      for (Object item : (List<?>) value) text.append(sorted(item)).append(',');
      return text + "]";
    }
    if (value instanceof GenericData.Record) {
      StringBuilder text = new StringBuilder("{");
      for (Schema.Field field : ((GenericData.Record) value).getSchema().getFields())
        text.append(sorted(((GenericData.Record) value).get(field.name()))).append(',');
      return text + "}";
    }
    return String.valueOf(value);
  }

  static GenericData.Record record(Schema schema, int i, int depth) {
    GenericData.Record record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) record.put(field.name(), value(field.schema(), field.name(), i, depth));
    return record;
  }

  static Object value(Schema schema, String name, int i, int depth) {
    switch (schema.getType()) {
      case NULL: return null;
      case BOOLEAN: return random.nextBoolean();
      case INT: return random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(100);
      case LONG:
        if (name.equals("time")) return 1414911600000L + i * 1000L;
        if (name.equals("id")) return (long) i;
        return random.nextInt(3) == 0 ? random.nextLong() : (long) random.nextInt(100);
      case FLOAT: return random.nextFloat();
      case DOUBLE: return random.nextDouble();
      case STRING: return word();
      case BYTES: { byte[] b = new byte[random.nextInt(9)]; random.nextBytes(b); return ByteBuffer.wrap(b); }
      case FIXED: { byte[] b = new byte[schema.getFixedSize()]; random.nextBytes(b); return new GenericData.Fixed(schema, b); }
      case ENUM: return new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(random.nextInt(schema.getEnumSymbols().size())));
      case RECORD: return record(schema, i, depth + 1);
      case UNION: return value(schema.getTypes().get(random.nextInt(schema.getTypes().size())), name, i, depth);
      case ARRAY: { List<Object> list = new ArrayList<>(); for (int n = random.nextInt(4); n > 0; n--) list.add(value(schema.getElementType(), "", i, depth)); return new GenericData.Array<Object>(schema, list); }
      case MAP: { Map<String, Object> map = new LinkedHashMap<>(); for (int n = random.nextInt(4); n > 0; n--) map.put(word(), value(schema.getValueType(), "", i, depth)); return map; }
      default: throw new IllegalStateException(schema.toString());
    }
  }

  static String word() {
    String[] words = {"", "a", "zwölf", "\uD83D\uDE00", "constructor", "12", "\u0000x", "equal", "equal", "equal", "long ".repeat(9)};
    return words[random.nextInt(words.length)];
  }
}
