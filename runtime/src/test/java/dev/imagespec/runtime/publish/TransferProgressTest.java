package dev.imagespec.runtime.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.registry.BlobSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransferProgressTest {
  private static final int SIZE = 5 << 20;
  private static final Repository TO = Repository.parse("ghcr.io/acme/app");

  private final List<RegistrationEvent> events = new ArrayList<>();
  private final TransferProgress progress = new TransferProgress(events::add);

  private TransferProgress.Tracked planned(BlobSource blob) {
    TransferProgress.Tracked tracked = progress.track(TO, blob);
    progress.planned();
    return tracked;
  }

  private List<Long> done() {
    return events.stream()
        .filter(RegistrationEvent.TransferProgress.class::isInstance)
        .map(event -> ((RegistrationEvent.TransferProgress) event).bytesDone())
        .toList();
  }

  @Test
  void anUploadThatStartsAgainCountsNoByteTwice() throws IOException {
    try (TransferProgress.Tracked blob = planned(BlobSource.of(new byte[SIZE]))) {
      try (InputStream broken = blob.open()) {
        broken.readNBytes(SIZE / 2);
      }
      assertThat(done()).isNotEmpty().last().satisfies(last -> assertThat(last).isPositive());
      try (InputStream again = blob.open()) {
        again.readAllBytes();
      }
    }
    assertThat(done()).isSorted().doesNotHaveDuplicates().endsWith((long) SIZE);
    assertThat(done().size()).as("not an event a read").isLessThanOrEqualTo(6);
  }

  @Test
  void whatWasMountedOrFailedIsDoneWithoutBeingRead() {
    planned(BlobSource.of(new byte[7])).close();
    planned(BlobSource.of(new byte[3])).close();
    assertThat(events)
        .extracting(RegistrationEvent::toString)
        .containsExactly(
            "upload: 1 blobs, 7 bytes",
            TO + ": 7 of 7 bytes",
            "upload: 2 blobs, 10 bytes",
            TO + ": 10 of 10 bytes");
  }

  @Test
  void ofABlobItIsKnownWhatWasSentAndWhatNeededNoSending() throws IOException {
    try (TransferProgress.Tracked blob =
            planned(BlobSource.of("sent".getBytes(StandardCharsets.UTF_8)));
        InputStream in = blob.open()) {
      in.readAllBytes();
    }
    planned(BlobSource.of("found".getBytes(StandardCharsets.UTF_8))).close();
    assertThat(events)
        .filteredOn(RegistrationEvent.TransferProgress.class::isInstance)
        .extracting(RegistrationEvent.TransferProgress.class::cast)
        .extracting(event -> event.blobDone() + " " + event.blobSent())
        .containsExactly("4 4", "5 0");
  }

  @Test
  void hugeSizesDoNotBecomeNegative() {
    List<TransferProgress.Tracked> transfers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      transfers.add(planned(ofSize(1L << 62)));
    }
    transfers.forEach(TransferProgress.Tracked::close);
    assertThat(done()).hasSize(5).isSorted().allMatch(bytes -> bytes >= 1L << 62);
    assertThat(events)
        .last()
        .hasToString(TO + ": " + Long.MAX_VALUE + " of " + Long.MAX_VALUE + " bytes");
  }

  private static BlobSource ofSize(long size) {
    return new BlobSource() {
      @Override
      public Digest digest() {
        return Digest.of(new byte[0]);
      }

      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return InputStream.nullInputStream();
      }
    };
  }
}
