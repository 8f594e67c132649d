import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Java's own producer and consumer, and its own reading of a log, told what to do line by line: each line of standard
 * input is a request, each line of standard output the answer. Bytes are Base64; 64 bit numbers are texts.
 */
public class KafkaTalk {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        answer.set("answer", answerTo(JSON.readTree(line)));
      } catch (Exception error) {
        answer.put("error", error.toString());
      }
      out.println(answer);
    }
    System.exit(0);
  }

  private static JsonNode answerTo(JsonNode request) throws Exception {
    String producer = request.path("producer").asText();
    switch (request.get("do").asText()) {
      case "open": {
        Map<String, Object> settings = settingsOf(request);
        producers.put(producer, new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
        if (settings.containsKey("transactional.id")) producers.get(producer).initTransactions();
        return null;
      }
      case "begin": producers.get(producer).beginTransaction(); return null;
      case "commit": producers.get(producer).commitTransaction(); return null;
      case "abort": producers.get(producer).abortTransaction(); return null;
      case "send": return send(producers.get(producer), request);
      case "consume": return consume(request);
      case "log": return log(new File(request.get("folder").asText()));
      default: throw new IllegalArgumentException(request.get("do").asText());
    }
  }

  private static Map<String, Object> settingsOf(JsonNode request) {
    return JSON.convertValue(request.get("settings"), new TypeReference<Map<String, Object>>() {});
  }

  /** Sends records and waits until they are in the log; one batch, where the producer lingers and they fit in. */
  private static JsonNode send(KafkaProducer<byte[], byte[]> producer, JsonNode request) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (JsonNode record : request.get("records")) {
      List<Header> headers = new ArrayList<>();
      for (JsonNode header : record.path("headers")) headers.add(new RecordHeader(header.get(0).asText(), bytes(header.get(1))));
      Long timestamp = record.hasNonNull("timestamp") ? Long.valueOf(record.get("timestamp").asText()) : null;
      sent.add(producer.send(new ProducerRecord<>(
          request.get("topic").asText(), 0, timestamp, bytes(record.path("key")), bytes(record.path("value")), headers)));
    }
    producer.flush();
    ArrayNode offsets = JSON.createArrayNode();
    for (Future<RecordMetadata> each : sent) offsets.add(String.valueOf(each.get().offset()));
    return offsets;
  }

  /** What a consumer gets of partition 0, from the beginning up to an offset. */
  private static JsonNode consume(JsonNode request) {
    ArrayNode records = JSON.createArrayNode();
    TopicPartition partition = new TopicPartition(request.get("topic").asText(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settingsOf(request), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (consumer.position(partition) < request.get("to").asLong())
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100)))
          records.add(shown(record.offset(), record.timestamp(), record.key(), record.value(), record.headers().toArray()));
    }
    return records;
  }

  /** The batches of a partition's segment files, as Java's classes read them. */
  private static JsonNode log(File folder) throws Exception {
    ArrayNode batches = JSON.createArrayNode();
    File[] segments = folder.listFiles((where, name) -> name.endsWith(".log"));
    Arrays.sort(segments);
    for (File segment : segments)
      try (FileRecords file = FileRecords.open(segment, false)) {
        for (RecordBatch batch : file.batches()) {
          batch.ensureValid();
          ObjectNode shown = batches.addObject();
          shown.put("baseOffset", String.valueOf(batch.baseOffset()));
          shown.put("lastOffset", String.valueOf(batch.lastOffset()));
          shown.put("control", batch.isControlBatch());
          shown.put("leaderEpoch", batch.partitionLeaderEpoch());
          shown.put("timestampType", batch.timestampType() == TimestampType.LOG_APPEND_TIME ? "append" : "create");
          shown.put("maxTimestamp", String.valueOf(batch.maxTimestamp()));
          shown.put("producerId", String.valueOf(batch.producerId()));
          shown.put("producerEpoch", batch.producerEpoch());
          shown.put("baseSequence", batch.baseSequence());
          shown.put("isTransactional", batch.isTransactional());
          shown.put("compression", batch.compressionType().name);
          shown.put("bytes", batch.sizeInBytes());
          shown.put("deleteHorizon", batch.deleteHorizonMs().isPresent());
          ArrayNode records = shown.putArray("records");
          for (Record record : batch)
            records.add(shown(record.offset(), record.timestamp(), bytes(record.key()), bytes(record.value()), record.headers()));
        }
      }
    return batches;
  }

  private static ObjectNode shown(long offset, long timestamp, byte[] key, byte[] value, Header[] headers) {
    ObjectNode shown = JSON.createObjectNode();
    shown.put("offset", String.valueOf(offset)).put("timestamp", String.valueOf(timestamp));
    shown.put("key", key).put("value", value);
    ArrayNode list = shown.putArray("headers");
    for (Header header : headers) list.addArray().add(header.key()).add(header.value());
    return shown;
  }

  private static byte[] bytes(JsonNode text) {
    return text.isTextual() ? Base64.getDecoder().decode(text.asText()) : null;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer == null) return null;
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
