package com.linkedin.camus.etl.kafka.common;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.UTF8;
import org.apache.hadoop.io.Writable;

/** The layout of Camus's request, the key of requests.previous. */
@SuppressWarnings("deprecation")
public class EtlRequest implements Writable {
  private String topic;
  private String leaderId;
  private String uri;
  private int partition;
  private long offset;
  private long latestOffset;

  @Override
  public void readFields(DataInput in) throws IOException {
    topic = UTF8.readString(in);
    leaderId = UTF8.readString(in);
    uri = UTF8.readString(in);
    partition = in.readInt();
    offset = in.readLong();
    latestOffset = in.readLong();
  }

  @Override
  public void write(DataOutput out) throws IOException {
    throw new IOException("not written here");
  }

  @Override
  public String toString() {
    return String.join("|", topic, leaderId, uri, "" + partition, "" + offset, "" + latestOffset);
  }
}
