import com.linkedin.camus.etl.kafka.common.EtlKey;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.util.ReflectionUtils;

/**
 * What Java reads in files of an archive, on standard output.
 *
 *     ReadBack avro FILE...        each record's binary encoding in hexadecimal
 *     ReadBack seq FILE...         each key, a tab, and the value
 *     ReadBack lines FILE...       each line
 *     ReadBack camus FOLDER        topic, partition and offset by Camus's rule: all offsets* files, the largest wins
 *     ReadBack camus2kafka FOLDER  the same of offsets-m-* only, as znodes: a second key of a partition is an error
 */
public class ReadBack {
  static final Configuration CONF = new Configuration();
  static PrintStream out;

  public static void main(String[] arguments) throws Exception {
    out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    CONF.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    CONF.set("io.compression.codecs", String.join(",", Arrays.asList("Default", "Gzip", "Snappy", "ZStandard").stream()
        .map(name -> "org.apache.hadoop.io.compress." + name + "Codec").toList()));
    for (String path : Arrays.asList(arguments).subList(1, arguments.length)) {
      out.println("# " + new File(path).getName());
      switch (arguments[0]) {
        case "avro" -> avro(new File(path));
        case "seq" -> sequence(new File(path));
        case "lines" -> lines(new File(path));
        default -> offsets(new File(path), arguments[0]);
      }
    }
    out.flush();
  }

  static void avro(File file) throws Exception {
    try (DataFileReader<Object> reader = new DataFileReader<>(file, new GenericDatumReader<>())) {
      out.println(reader.getMetaString("avro.codec") + " " + reader.getMetaString("rewind.test"));
      GenericDatumWriter<Object> writer = new GenericDatumWriter<>(reader.getSchema());
      while (reader.hasNext()) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        writer.write(reader.next(), encoder);
        out.println(HexFormat.of().formatHex(bytes.toByteArray()));
      }
    }
  }

  static void sequence(File file) throws Exception {
    try (SequenceFile.Reader reader = new SequenceFile.Reader(CONF, SequenceFile.Reader.file(new Path(file.toURI())))) {
      Writable key = (Writable) ReflectionUtils.newInstance(reader.getKeyClass(), CONF);
      Writable value = (Writable) ReflectionUtils.newInstance(reader.getValueClass(), CONF);
      while (reader.next(key, value)) out.println(key + "\t" + value);
    }
  }

  static void lines(File file) throws Exception {
    CompressionCodec codec = new CompressionCodecFactory(CONF).getCodec(new Path(file.toURI()));
    try (InputStream raw = new FileInputStream(file);
        BufferedReader reader = new BufferedReader(new InputStreamReader(
            codec == null ? raw : codec.createInputStream(raw), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) out.println(line);
    }
  }

  static void offsets(File folder, String rule) throws Exception {
    String prefix = rule.equals("camus") ? "offsets" : "offsets-m";
    TreeMap<String, Long> largest = new TreeMap<>();
    for (File file : folder.listFiles((ignored, name) -> name.startsWith(prefix))) {
      TreeSet<String> nodes = new TreeSet<>();
      try (SequenceFile.Reader reader = new SequenceFile.Reader(CONF, SequenceFile.Reader.file(new Path(file.toURI())))) {
        EtlKey key = new EtlKey();
        while (reader.next(key, NullWritable.get())) {
          String partition = key.topic + " " + key.partition;
          if (!nodes.add(partition) && rule.equals("camus2kafka")) throw new Exception("NodeExists: " + partition);
          largest.merge(partition, key.offset, Math::max);
        }
      }
    }
    largest.forEach((partition, offset) -> out.println(partition + " " + offset));
  }
}
