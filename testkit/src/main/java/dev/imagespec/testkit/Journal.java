package dev.imagespec.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** All requests to a server, in the order of the responses. Thread-safe. */
public final class Journal {

  /** The part of the server that got the request. */
  public enum Plane {
    /** Amazon ECR's own API. */
    CONTROL,
    /** The OCI distribution protocol. */
    DATA,
    /** The blob store that downloads are redirected to. */
    BLOBS,
    /** The token server. */
    TOKEN,
    /** A package index. */
    PACKAGES
  }

  /**
   * A request.
   *
   * @param plane the part of the server
   * @param operation the operation of the API, or the method and the resource: {@code HEAD blob}
   * @param path the path and query
   * @param status the status of the response; 0 if the connection was closed
   * @param authorized whether the request had an {@code Authorization} header
   * @param received the size of the request body in bytes
   * @param port the client's port, which identifies the connection
   * @param body the body of a request to an API; empty for others
   */
  public record Entry(
      Plane plane,
      String operation,
      String path,
      int status,
      boolean authorized,
      long received,
      int port,
      String body) {
    /** Bodies are long, and may have secrets of a test: a journal is printed without them. */
    @Override
    public String toString() {
      return plane
          + " "
          + operation
          + " "
          + path
          + " "
          + status
          + (authorized ? " authorized" : "")
          + " "
          + received
          + " bytes, port "
          + port;
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  Journal() {}

  synchronized void add(Entry entry) {
    entries.add(entry);
  }

  /** All requests since the last {@link #clear}. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Removes all requests. */
  public synchronized void clear() {
    entries.clear();
  }

  /** The number of requests for an operation. */
  public long count(String operation) {
    return count(entry -> entry.operation().equals(operation));
  }

  /** The number of requests that match. */
  public long count(Predicate<Entry> like) {
    return entries().stream().filter(like).count();
  }

  /** The number of connections that the requests of a plane used. */
  public long connections(Plane plane) {
    return entries().stream()
        .filter(entry -> entry.plane() == plane)
        .map(Entry::port)
        .distinct()
        .count();
  }

  @Override
  public String toString() {
    return String.join("\n", entries().stream().map(Entry::toString).toList());
  }
}
