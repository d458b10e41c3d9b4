package dev.imagespec.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Every request that a server got, in the order of their answers. For many threads. */
public final class Journal {

  /** Which part of the server was asked. */
  public enum Plane {
    /** Amazon ECR's own API. */
    CONTROL,
    /** The OCI distribution protocol. */
    DATA,
    /** Where blobs are redirected to. */
    BLOBS,
    /** The token server. */
    TOKEN,
    /** A package index. */
    PACKAGES
  }

  /**
   * A request.
   *
   * @param plane which part was asked
   * @param operation the API's operation, or a method and what it is about: {@code HEAD blob}
   * @param path the path and query
   * @param status the answer's status; 0 if it was broken off
   * @param authorized whether it came with an {@code Authorization}
   * @param received bytes of its body
   * @param port the client's port: one per connection
   */
  public record Entry(
      Plane plane,
      String operation,
      String path,
      int status,
      boolean authorized,
      long received,
      int port) {}

  private final List<Entry> entries = new ArrayList<>();

  Journal() {}

  synchronized void add(Entry entry) {
    entries.add(entry);
  }

  /** All requests since the last {@link #clear}. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Forgets what was asked so far. */
  public synchronized void clear() {
    entries.clear();
  }

  /** How often an operation was asked for. */
  public long count(String operation) {
    return count(entry -> entry.operation().equals(operation));
  }

  /** How many requests are like this. */
  public long count(Predicate<Entry> like) {
    return entries().stream().filter(like).count();
  }

  /** How many connections the requests of a plane came over. */
  public long connections(Plane plane) {
    return entries().stream()
        .filter(entry -> entry.plane() == plane)
        .map(Entry::port)
        .distinct()
        .count();
  }

  /** Bytes of blobs that were sent. */
  public long bytesUploaded() {
    return entries().stream()
        .filter(entry -> entry.operation().equals("PUT blob"))
        .mapToLong(Entry::received)
        .sum();
  }

  @Override
  public String toString() {
    return String.join("\n", entries().stream().map(Entry::toString).toList());
  }
}
