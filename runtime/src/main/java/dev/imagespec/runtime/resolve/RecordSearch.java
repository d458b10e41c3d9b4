package dev.imagespec.runtime.resolve;

import dev.imagespec.RegistrationRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Looks for a registration's record in a jar of which the bytes pass by: for an entry of the jar's
 * directory with its name, so that a text that mentions it is none.
 */
final class RecordSearch {
  private static final byte[] NAME =
      RegistrationRecord.RESOURCE.getBytes(StandardCharsets.US_ASCII);

  /** A directory's entry (APPNOTE.TXT, 4.3.12): a signature, and the name behind 46 bytes. */
  private static final byte[] SIGNATURE = {'P', 'K', 1, 2};

  private static final int HEADER = 46;
  private static final int NAME_LENGTH = 28;
  private static final int WHOLE = HEADER + NAME.length;

  private byte[] rest = {};
  private boolean found;

  /** Takes the next bytes. */
  void add(byte[] buffer, int n) {
    byte[] all = Arrays.copyOf(rest, rest.length + n);
    System.arraycopy(buffer, 0, all, rest.length, n);
    int at = 0;
    for (; at + WHOLE <= all.length && !found; at++) {
      found = isRecord(all, at);
    }
    rest = Arrays.copyOfRange(all, Math.min(at, all.length), all.length);
  }

  boolean isFound() {
    return found;
  }

  private static boolean isRecord(byte[] all, int at) {
    return all[at] == SIGNATURE[0]
        && Arrays.equals(all, at, at + SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)
        && (all[at + NAME_LENGTH] & 0xFF) + ((all[at + NAME_LENGTH + 1] & 0xFF) << 8) == NAME.length
        && Arrays.equals(all, at + HEADER, at + WHOLE, NAME, 0, NAME.length);
  }
}
