package dev.imagespec.testkit;

import dev.imagespec.model.Digest;
import dev.imagespec.testkit.Journal.Plane;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Python package index (PEP 503) in this process, on a free port of this machine.
 *
 * <p>The operations in its journal are {@code GET index}, {@code GET project} and {@code GET
 * wheel}.
 */
public final class PackageIndex implements AutoCloseable {
  private static final String SIMPLE = "/simple/";
  private static final String FILES = "/files/";
  private static final String WHEEL = "GET wheel";

  private final Journal journal = new Journal();
  private final LoopbackServer server = new LoopbackServer(journal, null);
  private final Map<String, byte[]> files = new HashMap<>();
  private final Map<String, List<PackageFile>> projects;
  private final @Nullable String authorization;

  private PackageIndex(@Nullable String authorization, PackageFile... packages) {
    this.authorization = authorization;
    projects = List.of(packages).stream().collect(Collectors.groupingBy(w -> normal(w.name())));
    for (PackageFile one : packages) {
      files.put(one.file(), one.bytes());
    }
    server.serve("/", Plane.PACKAGES, PackageIndex::operation, this::handle);
    server.start();
  }

  /** Starts an index that everybody may read. */
  public static PackageIndex anonymous(PackageFile... packages) {
    return new PackageIndex(null, packages);
  }

  /** Starts an index that needs a password. */
  public static PackageIndex basic(String user, String password, PackageFile... packages) {
    String pair = user + ":" + password;
    return new PackageIndex(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)),
        packages);
  }

  /** Its address without credentials: the value of {@code --index-url}. */
  public String url() {
    return "http://127.0.0.1:" + server.port() + SIMPLE;
  }

  /** All requests. */
  public Journal journal() {
    return journal;
  }

  /** The number of downloads of wheels and source distributions. */
  public long downloads() {
    return journal.count(entry -> entry.operation().equals(WHEEL) && entry.status() == 200);
  }

  /** Adds a fault. */
  public void inject(Fault fault) {
    server.inject(fault);
  }

  private static String operation(Exchange exchange) {
    String path = exchange.path();
    String what = path.startsWith(FILES) ? "wheel" : path.equals(SIMPLE) ? "index" : "project";
    return exchange.method() + " " + what;
  }

  private void handle(Exchange exchange) {
    String path = exchange.path();
    if (authorization != null && !authorization.equals(exchange.header("Authorization"))) {
      exchange.answer(401).with("WWW-Authenticate", "Basic realm=\"packages\"");
    } else if (path.startsWith(FILES)) {
      byte[] file = files.get(path.substring(FILES.length()));
      if (file == null) {
        exchange.answer(404);
      } else {
        exchange.answer(200, "application/octet-stream", file);
      }
    } else if (path.equals(SIMPLE)) {
      page(exchange, projects.keySet().stream().sorted().map(name -> link(name + "/", name)));
    } else {
      List<PackageFile> found =
          projects.get(path.replaceFirst("^" + SIMPLE, "").replaceFirst("/$", ""));
      if (found == null) {
        exchange.answer(404);
      } else {
        page(exchange, found.stream().map(this::link));
      }
    }
  }

  private static void page(Exchange exchange, Stream<String> links) {
    String page =
        "<!DOCTYPE html>\n<html><body>\n"
            + links.collect(Collectors.joining())
            + "</body></html>\n";
    exchange.answer(200, "text/html", page.getBytes(StandardCharsets.UTF_8));
  }

  private String link(PackageFile one) {
    String hash = Digest.of(files.getOrDefault(one.file(), new byte[0])).toString();
    return link(FILES + one.file() + "#" + hash.replace(':', '='), one.file());
  }

  private static String link(String target, String text) {
    return "<a href=\"" + target + "\">" + text + "</a><br>\n";
  }

  private static String normal(String name) {
    return name.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    server.close();
  }
}
