package dev.imagespec.runtime.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The JDK's HTTP client, made in the background when somebody expects a request, or else when the
 * first one needs it: it reads the certificates that Java trusts and starts a thread, which a run
 * that sends no request need not pay for.
 *
 * <p>Closing it ends that thread. Java 17's client cannot be closed, and a JVM that exits waits for
 * 300 ms for a thread that waits for the network.
 */
final class LateClient implements AutoCloseable {
  /** The client's thread gets into the group of the thread that makes the client. */
  private final ThreadGroup threads = new ThreadGroup("imagespec-http");

  private final FutureTask<HttpClient> made;
  private final AtomicBoolean started = new AtomicBoolean();

  LateClient(HttpClient.Builder builder) {
    made = new FutureTask<>(builder::build);
  }

  /** Makes the client in the background. Who asks for it learns what fails. */
  void start() {
    if (started.compareAndSet(false, true)) {
      Thread start = new Thread(threads, made, "imagespec-http-start");
      start.setDaemon(true);
      try {
        start.start();
      } catch (OutOfMemoryError e) {
        // No thread is left. Nobody must wait for one: here the client fails, or is made after all.
        made.run();
      }
    }
  }

  /**
   * The client.
   *
   * @throws IOException if it cannot be made, as without free file descriptors
   */
  HttpClient get() throws IOException, InterruptedException {
    start();
    try {
      return made.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
  }

  @Override
  public void close() {
    if (started.get()) {
      awaitMade();
    }
    threads.interrupt();
  }

  /** A client that is still being made would start its thread after that was ended. */
  private void awaitMade() {
    boolean interrupted = false;
    while (!made.isDone()) {
      try {
        HttpClient unused = made.get();
      } catch (ExecutionException e) {
        // There is no client, and whoever needed it was told.
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
