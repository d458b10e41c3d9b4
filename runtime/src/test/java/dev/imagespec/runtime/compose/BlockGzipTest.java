package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BlockGzipTest {
  private static byte[] gzip(byte[] content, int threads, int step) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Compressors compressors = new Compressors(threads);
        BlockGzip gzip = new BlockGzip(out, compressors)) {
      for (int at = 0; at < content.length; at += step) {
        gzip.write(content, at, Math.min(step, content.length - at));
      }
      gzip.finish();
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        100,
        BlockGzip.BLOCK - 1,
        BlockGzip.BLOCK,
        BlockGzip.BLOCK + 1,
        3 * BlockGzip.BLOCK,
        9 * BlockGzip.BLOCK + 12_345
      })
  void theBytesDependOnTheContentAlone(int length) throws Exception {
    byte[] content = LayerSample.bytes(length, 42);
    byte[] one = gzip(content, 1, 1 << 16);
    assertThat(gzip(content, 2, 999)).isEqualTo(one);
    assertThat(gzip(content, 8, 1 << 20)).isEqualTo(one);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(one))) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    // Only the first member.
    try (GzipCompressorInputStream in =
        new GzipCompressorInputStream(new ByteArrayInputStream(one))) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void itIsOneMemberWithoutNameTimeAndSystem() throws Exception {
    byte[] content = LayerSample.bytes(1_000_000, 7);
    byte[] gzip = gzip(content, 2, 1000);
    assertThat(Arrays.copyOf(gzip, 10)).containsExactly(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
    Inflater inflater = new Inflater(true);
    inflater.setInput(gzip, 10, gzip.length - 10);
    byte[] inflated = new byte[content.length];
    assertThat(inflater.inflate(inflated)).isEqualTo(content.length);
    assertThat(inflater.inflate(new byte[1])).isZero();
    assertThat(inflater.finished()).isTrue();
    assertThat(inflater.getRemaining()).isEqualTo(8);
    inflater.end();
    assertThat(inflated).isEqualTo(content);
    CRC32 crc = new CRC32();
    crc.update(content);
    int at = gzip.length - 8;
    assertThat(
            (gzip[at] & 0xffL)
                | (gzip[at + 1] & 0xffL) << 8
                | (gzip[at + 2] & 0xffL) << 16
                | (gzip[at + 3] & 0xffL) << 24)
        .isEqualTo(crc.getValue());
  }

  @Test
  void blocksCostLittle() throws Exception {
    byte[] content = new byte[8 << 20];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) ("a line of text " + i / 40 % 1000).charAt(i % 16);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try (OutputStream gzip = new java.util.zip.GZIPOutputStream(whole)) {
      gzip.write(content);
    }
    assertThat(gzip(content, 2, 1 << 16).length).isLessThan(whole.size() * 21 / 20);
  }

  /** Layers that are written at once share threads and room, and none waits for another. */
  @Test
  void manyStreamsShareOneThread() throws Exception {
    byte[] content = LayerSample.bytes(20 * BlockGzip.BLOCK, 3);
    byte[] alone = gzip(content, 1, 1 << 16);
    Set<Integer> different = java.util.Collections.synchronizedSet(new HashSet<>());
    CountDownLatch done = new CountDownLatch(6);
    try (Compressors compressors = new Compressors(1)) {
      // It takes all room, and never gives it back.
      while (compressors.mayTake()) {
        assertThat(compressors).isNotNull();
      }
      for (int n = 0; n < 6; n++) {
        int own = n;
        new Thread(
                () -> {
                  ByteArrayOutputStream out = new ByteArrayOutputStream();
                  try (BlockGzip gzip = new BlockGzip(out, compressors)) {
                    gzip.write(content);
                    gzip.finish();
                  } catch (IOException e) {
                    different.add(-own);
                  }
                  if (!Arrays.equals(out.toByteArray(), alone)) {
                    different.add(own);
                  }
                  done.countDown();
                })
            .start();
      }
      done.await();
    }
    assertThat(different).isEmpty();
  }

  @Test
  void whatIsGivenUpLeavesItsRoomToOthers() throws Exception {
    try (Compressors compressors = new Compressors(1)) {
      OutputStream full =
          new OutputStream() {
            private int left = 20;

            @Override
            public void write(int b) throws IOException {
              if (left-- <= 0) {
                throw new IOException("full");
              }
            }
          };
      assertThatThrownBy(
              () -> {
                try (BlockGzip gzip = new BlockGzip(full, compressors)) {
                  gzip.write(LayerSample.bytes(10 * BlockGzip.BLOCK, 1));
                }
              })
          .hasMessage("full");
      int room = 0;
      while (compressors.mayTake()) {
        room++;
      }
      assertThat(room).isEqualTo(2);
    }
  }
}
