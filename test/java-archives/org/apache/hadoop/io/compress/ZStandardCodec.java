package org.apache.hadoop.io.compress;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configurable;
import org.apache.hadoop.conf.Configuration;

/**
 * Hadoop's Zstandard codec over zstd-jni, in place of the class of that name, which needs a libhadoop that no package
 * carries (HADOOP-19855 replaces it in the same way). As there, each finished stream is one frame, written as a
 * stream: without a content size and without a checksum.
 */
public class ZStandardCodec implements CompressionCodec, Configurable {
  private Configuration configuration;

  @Override
  public void setConf(Configuration conf) {
    configuration = conf;
  }

  @Override
  public Configuration getConf() {
    return configuration;
  }

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out) throws IOException {
    return new CompressionOutputStream(out) {
      private ZstdOutputStream frame;

      private ZstdOutputStream frame() throws IOException {
        if (frame == null) {
          // Closing is the only way to end a frame; the stream below stays open.
          OutputStream below = new FilterOutputStream(this.out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
              this.out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
              flush();
            }
          };
          frame = new ZstdOutputStream(below, 3);
        }
        return frame;
      }

      @Override
      public void write(int b) throws IOException {
        frame().write(b);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        frame().write(bytes, offset, length);
      }

      @Override
      public void finish() throws IOException {
        frame().close();
        frame = null;
      }

      @Override
      public void resetState() {
        frame = null;
      }
    };
  }

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out, Compressor compressor) throws IOException {
    return createOutputStream(out);
  }

  @Override
  public Class<? extends Compressor> getCompressorType() {
    return null;
  }

  @Override
  public Compressor createCompressor() {
    return null;
  }

  @Override
  public CompressionInputStream createInputStream(InputStream in) throws IOException {
    return new CompressionInputStream(in) {
      private ZstdInputStream frame = new ZstdInputStream(in);

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return frame.read(bytes, offset, length);
      }

      @Override
      public int read() throws IOException {
        return frame.read();
      }

      @Override
      public void resetState() throws IOException {
        frame = new ZstdInputStream(in);
      }
    };
  }

  @Override
  public CompressionInputStream createInputStream(InputStream in, Decompressor decompressor) throws IOException {
    return createInputStream(in);
  }

  @Override
  public Class<? extends Decompressor> getDecompressorType() {
    return null;
  }

  @Override
  public Decompressor createDecompressor() {
    return null;
  }

  @Override
  public String getDefaultExtension() {
    return ".zst";
  }
}
