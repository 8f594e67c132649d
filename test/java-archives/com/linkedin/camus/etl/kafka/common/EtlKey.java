package com.linkedin.camus.etl.kafka.common;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.util.TreeMap;
import org.apache.hadoop.io.MapWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.UTF8;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.WritableComparable;

/** The layout of Camus's key, field by field, so that Hadoop's own reader can be asked what is in a file. */
@SuppressWarnings("deprecation")
public class EtlKey implements WritableComparable<EtlKey> {
  public String leaderId = "";
  public int partition;
  public long beginOffset;
  public long offset;
  public long checksum;
  public String topic = "";
  public long time;
  public String server = "";
  public String service = "";
  public MapWritable map = new MapWritable();

  @Override
  public void readFields(DataInput in) throws IOException {
    leaderId = UTF8.readString(in);
    partition = in.readInt();
    beginOffset = in.readLong();
    offset = in.readLong();
    checksum = in.readLong();
    topic = in.readUTF();
    time = in.readLong();
    server = in.readUTF();
    service = in.readUTF();
    map = new MapWritable();
    try {
      map.readFields(in);
    } catch (EOFException none) {
      map = null;
    }
  }

  @Override
  public void write(DataOutput out) throws IOException {
    UTF8.writeString(out, leaderId);
    out.writeInt(partition);
    out.writeLong(beginOffset);
    out.writeLong(offset);
    out.writeLong(checksum);
    out.writeUTF(topic);
    out.writeLong(time);
    out.writeUTF(server);
    out.writeUTF(service);
    map.write(out);
  }

  @Override
  public int compareTo(EtlKey other) {
    return Long.compare(offset, other.offset);
  }

  @Override
  public String toString() {
    TreeMap<String, String> entries = new TreeMap<>();
    if (map != null)
      for (java.util.Map.Entry<Writable, Writable> entry : map.entrySet())
        entries.put(((Text) entry.getKey()).toString(), entry.getValue().toString());
    return String.join("|", topic, "" + partition, leaderId, "" + beginOffset, "" + offset, "" + checksum, "" + time,
        server, service, map == null ? "no map" : entries.toString());
  }
}
