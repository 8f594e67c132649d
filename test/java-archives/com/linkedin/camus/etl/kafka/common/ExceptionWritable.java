package com.linkedin.camus.etl.kafka.common;

import org.apache.hadoop.io.Text;

/** A Text, as in Camus. */
public class ExceptionWritable extends Text {
  public ExceptionWritable() {}
}
