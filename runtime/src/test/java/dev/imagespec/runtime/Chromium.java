package dev.imagespec.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.testkit.ExternalTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Debian's chromium without a window, driven by its DevTools protocol. It finds no host: whatever a
 * page loads, fails and is noted.
 */
final class Chromium implements AutoCloseable {
  static final String PROGRAM = "chromium";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_SECONDS = 60;
  private static final String LISTENS = "DevTools listening on ";

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final String page;

  private Chromium(Process process, URI address) {
    this.process = process;
    socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Messages()).join();
    String target =
        call("", "Target.createTarget", Map.of("url", "about:blank")).path("targetId").asText();
    page =
        call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** Starts it, with its profile in this folder. */
  static Chromium start(Path profile) {
    try {
      Files.createDirectories(profile);
      Process process =
          new ProcessBuilder(
                  ExternalTool.find(PROGRAM).orElseThrow().toString(),
                  "--headless=new",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--host-resolver-rules=MAP * ~NOTFOUND",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile.toAbsolutePath(),
                  "about:blank")
              .redirectErrorStream(true)
              .start();
      BufferedReader output = process.inputReader();
      StringBuilder said = new StringBuilder();
      String line = output.readLine();
      while (line != null && !line.startsWith(LISTENS)) {
        said.append(line).append('\n');
        line = output.readLine();
      }
      if (line == null) {
        throw new IllegalStateException(PROGRAM + " does not start:\n" + said);
      }
      Thread rest = new Thread(() -> output.lines().forEach(ignored -> {}), "chromium's output");
      rest.setDaemon(true);
      rest.start();
      return new Chromium(process, URI.create(line.substring(LISTENS.length()).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts the parts of messages together, and gives answers to those who wait for them. */
  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String message = text.toString();
        text.setLength(0);
        receive(message);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      fail(new IOException("the browser closed the connection"));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      fail(error);
    }

    private void fail(Throwable error) {
      answers.values().forEach(answer -> answer.completeExceptionally(error));
    }
  }

  private void receive(String text) {
    JsonNode message;
    try {
      message = JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
    if (answer != null) {
      if (message.has("error")) {
        answer.completeExceptionally(new IOException(message.path("error").toString()));
      } else {
        answer.complete(message.path("result"));
      }
      return;
    }
    JsonNode params = message.path("params");
    switch (message.path("method").asText()) {
      case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
          complaints.add(params.toString());
      case "Network.requestWillBeSent" -> requests.add(params.path("request").path("url").asText());
      default -> {
        // Of no interest.
      }
    }
  }

  private JsonNode call(String method, Map<String, ?> params) {
    return call(page, method, params);
  }

  private JsonNode call(String session, String method, Map<String, ?> params) {
    int id = ids.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(params));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket.sendText(message.toString(), true).join();
    try {
      return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new IllegalStateException(method + " failed", e);
    }
  }

  /** Sets the size of the window. */
  void resize(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /**
   * Sets what the user prefers: {@code light} or {@code dark}; on screen or, for {@code print},
   * paper.
   */
  void prefer(String medium, String scheme) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            medium,
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** Opens a file, and waits until its script has run; forgets what earlier pages did. */
  void open(Path file) {
    complaints.clear();
    requests.clear();
    call("Page.navigate", Map.of("url", file.toUri().toString()));
    for (int i = 0; i < 400; i++) {
      if (evaluate(
              "location.href === '"
                  + file.toUri()
                  + "' && !!document.documentElement?.dataset.ready")
          .asBoolean()) {
        evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        return;
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    throw new AssertionError(file + " is not drawn: " + complaints);
  }

  /** The value of an expression of JavaScript; waits for a promise. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Clicks with the mouse on the middle of what a selector finds first. */
  void click(String selector) {
    JsonNode at = middle(selector);
    mouse("mouseMoved", at);
    mouse("mousePressed", at);
    mouse("mouseReleased", at);
  }

  /** Moves the mouse to the middle of what a selector finds first. */
  void hover(String selector) {
    mouse("mouseMoved", middle(selector));
  }

  private JsonNode middle(String selector) {
    return evaluate(
        "(() => { const e = document.querySelector('"
            + selector
            + "'); e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
            + " return {x: b.x + b.width / 2, y: b.y + Math.min(b.height / 2, 12)}; })()");
  }

  private void mouse(String type, JsonNode at) {
    call(
        "Input.dispatchMouseEvent",
        Map.of(
            "type",
            type,
            "x",
            at.path("x").asDouble(),
            "y",
            at.path("y").asDouble(),
            "button",
            type.equals("mouseMoved") ? "none" : "left",
            "clickCount",
            type.equals("mouseMoved") ? 0 : 1));
  }

  /** Presses a key by its name: {@code Tab}, {@code Enter}, {@code ArrowDown}, {@code /}. */
  void press(String key) {
    int code =
        Map.of(
                "Tab",
                9,
                "Enter",
                13,
                "Escape",
                27,
                "ArrowLeft",
                37,
                "ArrowUp",
                38,
                "ArrowRight",
                39,
                "ArrowDown",
                40,
                "End",
                35,
                "/",
                191)
            .getOrDefault(key, 0);
    String text = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
    call(
        "Input.dispatchKeyEvent",
        Map.of(
            "type",
            text.isEmpty() ? "rawKeyDown" : "keyDown",
            "key",
            key,
            "text",
            text,
            "windowsVirtualKeyCode",
            code));
    call(
        "Input.dispatchKeyEvent",
        Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
  }

  /** Types a text into what has the focus. */
  void type(String text) {
    call("Input.insertText", Map.of("text", text));
  }

  /** Writes a picture of the window, or of the whole page. */
  void screenshot(Path file, boolean whole) {
    byte[] picture =
        Base64.getDecoder()
            .decode(
                call(
                        "Page.captureScreenshot",
                        Map.of("format", "png", "captureBeyondViewport", whole))
                    .path("data")
                    .asText());
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.write(file, picture);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the page wrote to the console, and errors of the browser about it. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** The addresses that the page asked for, itself among them. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
