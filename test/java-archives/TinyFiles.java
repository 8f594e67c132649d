import com.github.luben.zstd.ZstdOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configurable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.SequenceFile.CompressionType;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;

/**
 * Files so small that each of their bytes can be changed in turn: twelve records each, with a sync marker after every
 * four where the format has them, in every codec. Record N has the time START + N and the text of `text(N)`.
 *
 *     TinyFiles FOLDER
 */
public class TinyFiles {
  static final String[] HADOOP_CODECS = {"Default", "Deflate", "Gzip", "BZip2", "ZStandard", "Lz4", "Snappy"};
  static final long START = 1414915200000L;
  static final int RECORDS = 12;
  static final int PER_BLOCK = 4;

  public static void main(String[] arguments) throws Exception {
    File folder = new File(arguments[0]);
    folder.mkdirs();
    avro(folder, "null", CodecFactory.nullCodec());
    avro(folder, "deflate", CodecFactory.deflateCodec(6));
    avro(folder, "snappy", CodecFactory.snappyCodec());
    avro(folder, "bzip2", CodecFactory.bzip2Codec());
    avro(folder, "xz", CodecFactory.xzCodec(6));
    avro(folder, "zstandard", CodecFactory.zstandardCodec(3, false));
    avro(folder, "zstandard-checksum", CodecFactory.zstandardCodec(3, true));
    Configuration conf = new Configuration();
    conf.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    lines(conf, folder);
    sequence(conf, new File(folder, "none.seq"), CompressionType.NONE, null);
    for (CompressionType by : new CompressionType[] {CompressionType.RECORD, CompressionType.BLOCK}) {
      for (String name : HADOOP_CODECS) {
        String file = by.name().toLowerCase() + "." + name.toLowerCase() + ".seq";
        sequence(conf, new File(folder, file), by, codec(conf, name));
      }
    }
  }

  /** Lines as Camus's StringRecordWriterProvider writes them with each codec, and as `zstd` does, with a checksum. */
  static void lines(Configuration conf, File folder) throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      text.append("{\"ts\":" + (START + i) + ",\"text\":" + text(i) + "}\n");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    Files.write(new File(folder, "lines").toPath(), bytes);
    for (String name : new String[] {"Gzip", "Deflate", "Snappy", "Lz4"}) {
      CompressionCodec codec = codec(conf, name);
      File file = new File(folder, "lines" + codec.getDefaultExtension());
      try (OutputStream out = codec.createOutputStream(new FileOutputStream(file))) {
        out.write(bytes);
      }
    }
    try (ZstdOutputStream out = new ZstdOutputStream(new FileOutputStream(new File(folder, "lines.zst")))) {
      out.setChecksum(true);
      out.write(bytes);
    }
  }

  static CompressionCodec codec(Configuration conf, String name) throws Exception {
    Class<?> codecClass = Class.forName("org.apache.hadoop.io.compress." + name + "Codec");
    CompressionCodec codec = (CompressionCodec) codecClass.getDeclaredConstructor().newInstance();
    ((Configurable) codec).setConf(conf);
    return codec;
  }

  static String text(int n) {
    return "{\"n\":" + n + ",\"what\":\"caf\u00e9 " + "ab".repeat(n) + "\"}";
  }

  static void avro(File folder, String name, CodecFactory codec) throws Exception {
    Schema schema = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"Event\",\"fields\":["
        + "{\"name\":\"time\",\"type\":\"long\"},{\"name\":\"body\",\"type\":\"string\"}]}");
    try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.setCodec(codec);
      writer.create(schema, new File(folder, name + ".avro"));
      for (int i = 0; i < RECORDS; i++) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("time", START + i);
        record.put("body", text(i));
        writer.append(record);
        if (i % PER_BLOCK == PER_BLOCK - 1) writer.sync();
      }
    }
  }

  static void sequence(Configuration conf, File file, CompressionType by, CompressionCodec codec) throws Exception {
    try (SequenceFile.Writer writer = SequenceFile.createWriter(conf,
        SequenceFile.Writer.file(new Path(file.toURI())), SequenceFile.Writer.keyClass(LongWritable.class),
        SequenceFile.Writer.valueClass(Text.class), SequenceFile.Writer.compression(by, codec))) {
      for (int i = 0; i < RECORDS; i++) {
        writer.append(new LongWritable(START + i), new Text(text(i)));
        if (i % PER_BLOCK == PER_BLOCK - 1) writer.sync();
      }
    }
  }
}
