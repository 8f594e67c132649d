import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;

/**
 * Lines of text, read by Hadoop's LineReader and the JDK's gzip.
 *
 *     LineReaders FILE...      (compressed by gzip where the name ends in .gz)
 *
 * Prints for each file "SECONDS RECORDS": the fastest of five rounds over a file that is in memory.
 */
public class LineReaders {
  public static void main(String[] arguments) throws Exception {
    for (String name : arguments) {
      byte[] file = Files.readAllBytes(new File(name).toPath());
      double best = Double.MAX_VALUE;
      long records = 0;
      for (int round = 0; round < 5; round++) {
        long start = System.nanoTime();
        records = read(file, name.endsWith(".gz"));
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
      System.out.println(best + " " + records);
    }
  }

  static long read(byte[] file, boolean gzip) throws Exception {
    InputStream plain = new ByteArrayInputStream(file);
    LineReader lines = new LineReader(gzip ? new GZIPInputStream(plain, 65536) : plain, 65536);
    Text line = new Text();
    long records = 0;
    while (lines.readLine(line) > 0) records++;
    return records;
  }
}
