import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.avro.mapred.AvroKey;
import org.apache.avro.mapred.AvroValue;
import org.apache.avro.mapreduce.AvroJob;
import org.apache.avro.mapreduce.AvroKeyInputFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.conf.Configured;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.Mapper;
import org.apache.hadoop.mapreduce.Reducer;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.output.NullOutputFormat;
import org.apache.hadoop.util.Tool;
import org.apache.hadoop.util.ToolRunner;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A replay as a MapReduce job: mappers read Avro container files and emit each record under the time in its header, the
 * shuffle sorts, and one reducer for each partition of the replay topic publishes Avro-JSON, in order of time. Ties come
 * out in any order; a task that is tried again publishes twice.
 *
 * <p>Arguments, after Hadoop's own: glob of the input, schema, time field of the header, replay topic, its partitions.
 */
public final class MapReduceReplay extends Configured implements Tool {
  private static final String TOPIC = "replay.topic";
  private static final String TIME = "replay.time";

  public static final class ByTime
      extends Mapper<AvroKey<GenericRecord>, NullWritable, LongWritable, AvroValue<GenericRecord>> {
    private final LongWritable time = new LongWritable();
    private final AvroValue<GenericRecord> value = new AvroValue<>();
    private String field;

    @Override
    protected void setup(Context context) {
      field = context.getConfiguration().get(TIME);
    }

    @Override
    protected void map(AvroKey<GenericRecord> key, NullWritable none, Context context)
        throws IOException, InterruptedException {
      GenericRecord record = key.datum();
      time.set((Long) ((GenericRecord) record.get("header")).get(field));
      value.datum(record);
      context.write(time, value);
    }
  }

  public static final class Publish
      extends Reducer<LongWritable, AvroValue<GenericRecord>, NullWritable, NullWritable> {
    private final AtomicReference<Exception> failed = new AtomicReference<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    private KafkaProducer<byte[], byte[]> producer;
    private GenericDatumWriter<GenericRecord> writer;
    private JsonEncoder encoder;
    private String topic;
    private int partition;

    @Override
    protected void setup(Context context) throws IOException {
      Configuration settings = context.getConfiguration();
      topic = settings.get(TOPIC);
      partition = context.getTaskAttemptID().getTaskID().getId();
      Schema schema = AvroJob.getMapOutputValueSchema(settings);
      writer = new GenericDatumWriter<>(schema);
      encoder = EncoderFactory.get().jsonEncoder(schema, out);
      Properties kafka = new Properties();
      kafka.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get("replay.brokers"));
      kafka.put(ProducerConfig.ACKS_CONFIG, "all");
      kafka.put(ProducerConfig.LINGER_MS_CONFIG, "20");
      kafka.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(256 << 10));
      kafka.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(64 << 20));
      kafka.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
      kafka.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
      producer = new KafkaProducer<>(kafka);
    }

    @Override
    protected void reduce(LongWritable time, Iterable<AvroValue<GenericRecord>> values, Context context)
        throws IOException {
      for (AvroValue<GenericRecord> value : values) {
        out.reset();
        writer.write(value.datum(), encoder);
        encoder.flush();
        producer.send(new ProducerRecord<>(topic, partition, null, json()), (sent, error) -> {
          if (error != null) failed.compareAndSet(null, error);
        });
      }
      if (failed.get() != null) throw new IOException(failed.get());
    }

    /** An encoder that goes on puts the end of a line between two records. */
    private byte[] json() {
      byte[] bytes = out.toByteArray();
      int start = 0;
      while (start < bytes.length && bytes[start] <= ' ') start++;
      return start == 0 ? bytes : Arrays.copyOfRange(bytes, start, bytes.length);
    }

    @Override
    protected void cleanup(Context context) throws IOException {
      producer.close();
      if (failed.get() != null) throw new IOException(failed.get());
    }
  }

  @Override
  public int run(String[] args) throws Exception {
    Configuration settings = getConf();
    settings.set(TIME, args[2]);
    settings.set(TOPIC, args[3]);
    Job job = Job.getInstance(settings, "replay to " + args[3]);
    job.setJarByClass(MapReduceReplay.class);
    FileInputFormat.setInputPaths(job, new Path(args[0]));
    Path schemaPath = new Path(args[1]);
    Schema schema;
    try (FSDataInputStream in = schemaPath.getFileSystem(settings).open(schemaPath)) {
      schema = new Schema.Parser().parse(in);
    }
    job.setInputFormatClass(AvroKeyInputFormat.class);
    AvroJob.setInputKeySchema(job, schema);
    AvroJob.setMapOutputValueSchema(job, schema);
    AvroJob.setDataModelClass(job, GenericData.class);
    job.setMapperClass(ByTime.class);
    job.setReducerClass(Publish.class);
    job.setMapOutputKeyClass(LongWritable.class);
    job.setOutputKeyClass(NullWritable.class);
    job.setOutputValueClass(NullWritable.class);
    job.setOutputFormatClass(NullOutputFormat.class);
    job.setNumReduceTasks(Integer.parseInt(args[4]));
    job.setReduceSpeculativeExecution(false);
    return job.waitForCompletion(false) ? 0 : 1;
  }

  public static void main(String[] args) throws Exception {
    System.exit(ToolRunner.run(new Configuration(), new MapReduceReplay(), args));
  }
}
