import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;

/**
 * SequenceFiles of LongWritable and Text, read by Hadoop's reader.
 *
 *     SequenceReaders FILE...
 *
 * Prints for each file "SECONDS RECORDS": the fastest of five rounds over a file that is in memory.
 */
public class SequenceReaders {
  public static void main(String[] arguments) throws Exception {
    for (String name : arguments) {
      byte[] file = Files.readAllBytes(new File(name).toPath());
      double best = Double.MAX_VALUE;
      long records = 0;
      for (int round = 0; round < 5; round++) {
        long start = System.nanoTime();
        records = read(file);
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
      System.out.println(best + " " + records);
    }
  }

  static long read(byte[] file) throws IOException {
    LongWritable key = new LongWritable();
    Text value = new Text();
    long records = 0;
    FSDataInputStream in = new FSDataInputStream(new Bytes(file));
    try (SequenceFile.Reader reader = new SequenceFile.Reader(new Configuration(), SequenceFile.Reader.stream(in),
        SequenceFile.Reader.length(file.length))) {
      while (reader.next(key, value)) records++;
    }
    return records;
  }

  /** A file in memory, as Hadoop wants it. */
  static class Bytes extends ByteArrayInputStream implements Seekable, PositionedReadable {
    Bytes(byte[] bytes) {
      super(bytes);
    }

    @Override
    public void seek(long position) {
      pos = (int) position;
    }

    @Override
    public long getPos() {
      return pos;
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }

    @Override
    public int read(long position, byte[] buffer, int offset, int length) {
      int have = Math.min(length, count - (int) position);
      System.arraycopy(buf, (int) position, buffer, offset, have);
      return have;
    }

    @Override
    public void readFully(long position, byte[] buffer, int offset, int length) {
      read(position, buffer, offset, length);
    }

    @Override
    public void readFully(long position, byte[] buffer) {
      readFully(position, buffer, 0, buffer.length);
    }
  }
}
