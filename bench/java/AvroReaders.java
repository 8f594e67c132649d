import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.file.Files;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;

/**
 * Avro container files, written and read by Avro's own classes.
 *
 *     AvroReaders write CODEC RECORDS FILE
 *     AvroReaders read HOW FILE...           HOW: frames, avro-json or avro-binary
 *
 * `read` prints for each file "SECONDS RECORDS": the fastest of five rounds over a file that is in memory.
 */
public class AvroReaders {
  static final String[] WORDS = "search profile member connect invite update message follow company skill".split(" ");
  static final Schema SCHEMA = new Schema.Parser().parse(
      "{'type':'record','name':'PageView','namespace':'com.example','fields':["
          .concat("{'name':'header','type':{'type':'record','name':'Header','fields':[")
          .concat("{'name':'time','type':'long'},{'name':'server','type':'string'},{'name':'id','type':'bytes'}]}},")
          .concat("{'name':'member','type':['null','long'],'default':null},{'name':'url','type':'string'},")
          .concat("{'name':'referrer','type':['null','string'],'default':null},{'name':'agent','type':'string'},")
          .concat("{'name':'took','type':'double'},{'name':'status','type':'int'},")
          .concat("{'name':'words','type':{'type':'array','items':'string'}},")
          .concat("{'name':'properties','type':{'type':'map','values':'string'}}]}")
          .replace('\'', '"'));

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("write")) {
      write(arguments[1], Integer.parseInt(arguments[2]), new File(arguments[3]));
      return;
    }
    for (int i = 2; i < arguments.length; i++) {
      byte[] file = Files.readAllBytes(new File(arguments[i]).toPath());
      double best = Double.MAX_VALUE;
      long records = 0;
      for (int round = 0; round < 5; round++) {
        long start = System.nanoTime();
        records = arguments[1].equals("frames") ? frames(file) : records(file, arguments[1].equals("avro-json"));
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
      System.out.println(best + " " + records);
    }
  }

  /** Reads and decompresses the blocks, and decodes nothing. */
  static long frames(byte[] file) throws Exception {
    long records = 0;
    try (DataFileReader<GenericRecord> reader = open(file)) {
      while (reader.hasNext()) {
        records += reader.getBlockCount();
        reader.nextBlock();
      }
    }
    return records;
  }

  /** Decodes every record and encodes it, each to bytes of its own as a Kafka message needs it. */
  static long records(byte[] file, boolean json) throws Exception {
    long records = 0;
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    GenericDatumWriter<GenericRecord> writer = new GenericDatumWriter<>(SCHEMA);
    JsonEncoder jsonEncoder = EncoderFactory.get().jsonEncoder(SCHEMA, message);
    BinaryEncoder binaryEncoder = EncoderFactory.get().binaryEncoder(message, null);
    GenericRecord record = null;
    try (DataFileReader<GenericRecord> reader = open(file)) {
      while (reader.hasNext()) {
        record = reader.next(record);
        message.reset();
        if (json) {
          writer.write(record, jsonEncoder);
          jsonEncoder.flush();
        } else {
          writer.write(record, binaryEncoder);
          binaryEncoder.flush();
        }
        records++;
      }
    }
    return records;
  }

  static DataFileReader<GenericRecord> open(byte[] file) throws Exception {
    return new DataFileReader<>(new SeekableByteArrayInput(file), new GenericDatumReader<GenericRecord>());
  }

  static void write(String codec, int records, File file) throws Exception {
    Random random = new Random(1);
    try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(SCHEMA))) {
      writer.setCodec(CodecFactory.fromString(codec)).create(SCHEMA, file);
      for (int i = 0; i < records; i++) writer.append(pageView(i, random));
    }
  }

  static GenericRecord pageView(int i, Random random) {
    byte[] id = new byte[16];
    random.nextBytes(id);
    GenericRecord header = new GenericData.Record(SCHEMA.getField("header").schema());
    header.put("time", 1394355600000L + i * 7L + random.nextInt(2000));
    header.put("server", "app-" + random.nextInt(200) + ".example.com");
    header.put("id", java.nio.ByteBuffer.wrap(id));
    GenericRecord view = new GenericData.Record(SCHEMA);
    view.put("header", header);
    if (random.nextInt(4) > 0) view.put("member", (long) random.nextInt(100_000_000));
    view.put("url", "/profile/view?id=" + random.nextInt(1_000_000) + "&from=" + word(random));
    if (random.nextBoolean()) view.put("referrer", "https://www.example.com/" + word(random) + "/" + random.nextInt(9999));
    view.put("agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/" + (20 + random.nextInt(30)));
    view.put("took", random.nextDouble() * 1000);
    view.put("status", random.nextInt(20) == 0 ? 404 : 200);
    view.put("words", java.util.List.of(word(random), word(random), "Zürich " + word(random)));
    view.put("properties", java.util.Map.of("lang", "de_CH", "session", Long.toHexString(random.nextLong())));
    return view;
  }

  static String word(Random random) {
    return WORDS[random.nextInt(WORDS.length)];
  }
}
