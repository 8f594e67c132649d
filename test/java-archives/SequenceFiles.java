import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.hadoop.io.AvroSequenceFile;
import org.apache.avro.mapred.AvroKey;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.SequenceFile.CompressionType;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;

/**
 * SequenceFiles of every codec, written by Hadoop's and Avro's own classes and read back by them.
 *
 *     SequenceFiles FOLDER
 *
 * For each codec and each of RECORD and BLOCK: `text.BY.CODEC.seq`, LongWritable (the time) and Text as Camus's
 * SequenceFileRecordWriterProvider writes them, and `avro.BY.CODEC.seq`, AvroKey and NullWritable: the value's bytes
 * are none, and compressed all the same. `FILE.tsv` has what Java's reader reads: a record's time, a tab, and the SHA-256
 * of its text's bytes (of the field `body`).
 */
public class SequenceFiles {
  static final String[] CODECS = {"Default", "Deflate", "Gzip", "BZip2", "ZStandard", "Lz4", "Snappy"};
  static final Schema SCHEMA = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"Event\",\"fields\":["
      + "{\"name\":\"time\",\"type\":\"long\"},{\"name\":\"body\",\"type\":\"string\"}]}");
  static final long START = 1414915200000L;

  public static void main(String[] arguments) throws Exception {
    Configuration conf = new Configuration();
    conf.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    // Blocks small enough that a file has several.
    conf.setInt("io.seqfile.compress.blocksize", 20000);
    File folder = new File(arguments[0]);
    folder.mkdirs();
    for (CompressionType by : new CompressionType[] {CompressionType.RECORD, CompressionType.BLOCK}) {
      for (String name : CODECS) {
        String kind = by.name().toLowerCase() + "." + name.toLowerCase();
        Class<?> codecClass = Class.forName("org.apache.hadoop.io.compress." + name + "Codec");
        CompressionCodec codec = (CompressionCodec) codecClass.getDeclaredConstructor().newInstance();
        ((org.apache.hadoop.conf.Configurable) codec).setConf(conf);
        text(conf, new File(folder, "text." + kind + ".seq"), by, codec);
        avro(conf, new File(folder, "avro." + kind + ".seq"), by, codec);
      }
    }
  }

  /** Lines of log; one is far longer than the buffer (64 KiB) of Hadoop's block compressors, another empty. */
  static String line(Random random, int i, boolean withLong) {
    if (i == 7) return "";
    StringBuilder line = new StringBuilder("{\"n\":" + i + ",\"q\":\"\u00e9\u2603");
    int words = i == 39 && withLong ? 30000 : 1 + random.nextInt(12);
    String word = "w" + random.nextInt(10000);
    for (int w = 0; w < words; w++) line.append(' ').append(w % 100 < 98 ? word : "x" + random.nextInt(1000));
    return line.append("\"}").toString();
  }

  static String sha256(String text) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  static void text(Configuration conf, File file, CompressionType by, CompressionCodec codec) throws Exception {
    Random random = new Random(file.getName().hashCode());
    Path path = new Path(file.toURI());
    try (SequenceFile.Writer writer = SequenceFile.createWriter(conf, SequenceFile.Writer.file(path),
        SequenceFile.Writer.keyClass(LongWritable.class), SequenceFile.Writer.valueClass(Text.class),
        SequenceFile.Writer.compression(by, codec))) {
      for (int i = 0; i < 120; i++) {
        writer.append(new LongWritable(START + i * 1000L - random.nextInt(5000)), new Text(line(random, i, true)));
      }
    }
    try (SequenceFile.Reader reader = new SequenceFile.Reader(conf, SequenceFile.Reader.file(path));
        PrintStream out = new PrintStream(file + ".tsv", StandardCharsets.UTF_8)) {
      LongWritable key = new LongWritable();
      Text value = new Text();
      while (reader.next(key, value)) out.print(key.get() + "\t" + sha256(value.toString()) + "\n");
    }
  }

  static void avro(Configuration conf, File file, CompressionType by, CompressionCodec codec) throws Exception {
    Random random = new Random(file.getName().hashCode());
    Path path = new Path(file.toURI());
    AvroSequenceFile.Writer.Options options = new AvroSequenceFile.Writer.Options()
        .withFileSystem(path.getFileSystem(conf)).withConfiguration(conf).withOutputPath(path)
        .withKeySchema(SCHEMA).withValueClass(NullWritable.class).withCompressionType(by).withCompressionCodec(codec);
    try (SequenceFile.Writer writer = AvroSequenceFile.createWriter(options)) {
      for (int i = 0; i < 60; i++) {
        GenericRecord record = new GenericData.Record(SCHEMA);
        record.put("time", START + i * 1000L - random.nextInt(5000));
        record.put("body", line(random, i, by == CompressionType.BLOCK));
        writer.append(new AvroKey<>(record), NullWritable.get());
      }
    }
    AvroSequenceFile.Reader.Options input = new AvroSequenceFile.Reader.Options()
        .withFileSystem(path.getFileSystem(conf)).withConfiguration(conf).withInputPath(path)
        .withKeySchema(SCHEMA);
    try (AvroSequenceFile.Reader reader = new AvroSequenceFile.Reader(input);
        PrintStream out = new PrintStream(file + ".tsv", StandardCharsets.UTF_8)) {
      Object key = new AvroKey<GenericRecord>();
      while ((key = reader.next(key)) != null) {
        GenericRecord record = (GenericRecord) ((AvroKey<?>) key).datum();
        out.print(record.get("time") + "\t" + sha256(record.get("body").toString()) + "\n");
      }
    }
  }
}
