package dev.imagespec.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An HTTP server on a free port of this machine, with a journal and faults. */
final class LoopbackServer implements AutoCloseable {
  /** Answers requests. */
  @FunctionalInterface
  interface Handler {
    void handle(Exchange exchange) throws IOException;
  }

  /** Gives the operation of a request, for the journal. */
  @FunctionalInterface
  interface Namer {
    String name(Exchange exchange);
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Journal journal;
  private final List<Fault> faults = new CopyOnWriteArrayList<>();

  LoopbackServer(Journal journal, @Nullable SSLContext tls) {
    this.journal = journal;
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      if (tls == null) {
        server = HttpServer.create(any, 0);
      } else {
        HttpsServer https = HttpsServer.create(any, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = https;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
  }

  void start() {
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  void inject(Fault fault) {
    faults.add(fault);
  }

  void serve(String path, Journal.Plane plane, Namer namer, Handler handler) {
    server.createContext(path, http -> run(http, plane, namer, handler));
  }

  private void run(HttpExchange http, Journal.Plane plane, Namer namer, Handler handler)
      throws IOException {
    Exchange exchange = new Exchange(http);
    String operation = namer.name(exchange);
    boolean truncated = false;
    boolean stalled = false;
    boolean answered = false;
    for (Fault fault : faults) {
      if (!fault.strikes(operation)) {
        continue;
      }
      switch (fault.kind) {
        case RUN -> fault.action.run();
        case TRUNCATE -> truncated = true;
        case STALL -> stalled = true;
        case HANG -> hang();
        case DRIP -> {
          record(exchange, plane, operation, fault.status);
          exchange.drip(fault.status, fault.body.getBytes(StandardCharsets.UTF_8), closed);
          return;
        }
        case FLOOD -> {
          record(exchange, plane, operation, fault.status);
          exchange.flood(fault.status, closed);
          return;
        }
        case RESET -> {
          record(exchange, plane, operation, 0);
          throw new IOException("reset on demand");
        }
        case REPLACE -> {
          handler.handle(exchange);
          exchange.json(fault.status, fault.body);
          answered = true;
        }
        case RESPOND -> {
          exchange.json(fault.status, fault.body);
          fault.headers.forEach(exchange::with);
          answered = true;
        }
      }
    }
    if (!answered) {
      handler.handle(exchange);
    }
    // Record before sending, so that the journal has the request when the client has the response.
    record(exchange, plane, operation, exchange.status());
    if (stalled) {
      exchange.sendHalf();
      hang();
    }
    exchange.send(truncated);
  }

  private void hang() throws IOException {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("hung on demand");
  }

  private void record(Exchange exchange, Journal.Plane plane, String operation, int status) {
    journal.add(
        new Journal.Entry(
            plane,
            operation,
            exchange.http.getRequestURI().toString(),
            status,
            exchange.header("Authorization") != null,
            exchange.body.length,
            exchange.http.getRemoteAddress().getPort(),
            plane == Journal.Plane.CONTROL
                ? new String(exchange.body, StandardCharsets.UTF_8)
                : ""));
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
    try {
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
