package dev.imagespec.processor;

import dev.imagespec.processor.TestCompiler.Answer;
import dev.imagespec.processor.TestCompiler.Said;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.ToolProvider;

/**
 * JDK 25's javac, in one process for all compilations of a test run: a compiler that is started
 * anew each time takes seconds. The process ends with its standard input.
 */
final class LaterJavac {
  static final String MISSING = "There is no JDK 25 below /usr/lib/jvm.";

  private static final Optional<Path> JAVA = java();

  private final DataOutputStream requests;
  private final DataInputStream answers;

  private LaterJavac(Process process) {
    this.requests = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
  }

  static boolean isThere() {
    return JAVA.isPresent();
  }

  private static Optional<Path> java() {
    Path homes = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(homes)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(homes)) {
      return all.filter(home -> home.getFileName().toString().matches(".*\\b25\\b.*"))
          .filter(home -> Files.isExecutable(home.resolve("bin").resolve("javac")))
          .map(home -> home.resolve("bin").resolve("java"))
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw new IllegalStateException("/usr/lib/jvm cannot be listed", e);
    }
  }

  private static final class Running {
    static final LaterJavac ONE = start();

    private static LaterJavac start() {
      try {
        return new LaterJavac(
            new ProcessBuilder(
                    JAVA.orElseThrow().toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    LaterJavac.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
      } catch (IOException e) {
        throw new IllegalStateException("JDK 25 does not start", e);
      }
    }
  }

  static Answer run(List<String> options, List<Path> files) throws IOException {
    return Running.ONE.ask(options, files);
  }

  private synchronized Answer ask(List<String> options, List<Path> files) throws IOException {
    write(requests, options);
    write(requests, files.stream().map(Path::toString).toList());
    requests.flush();
    boolean succeeded = answers.readBoolean();
    List<Said> said = new ArrayList<>();
    for (int left = answers.readInt(); left > 0; left--) {
      said.add(
          new Said(
              Diagnostic.Kind.valueOf(read(answers)),
              read(answers),
              answers.readLong(),
              answers.readLong(),
              read(answers)));
    }
    return new Answer(succeeded, said);
  }

  /** Compiles what is asked for on standard input until that ends. */
  public static void main(String[] args) throws IOException {
    DataInputStream requests = new DataInputStream(new BufferedInputStream(System.in));
    OutputStream out = System.out;
    // What a compiler or a processor prints is no answer.
    System.setOut(System.err);
    DataOutputStream answers = new DataOutputStream(new BufferedOutputStream(out));
    while (true) {
      List<String> options;
      try {
        options = readAll(requests);
      } catch (EOFException e) {
        return;
      }
      List<Path> files = readAll(requests).stream().map(Path::of).toList();
      Answer answer = TestCompiler.run(ToolProvider.getSystemJavaCompiler(), options, files);
      answers.writeBoolean(answer.succeeded());
      answers.writeInt(answer.said().size());
      for (Said said : answer.said()) {
        write(answers, said.kind().name());
        write(answers, said.file());
        answers.writeLong(said.line());
        answers.writeLong(said.column());
        write(answers, said.text());
      }
      answers.flush();
    }
  }

  private static void write(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      write(out, text);
    }
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static List<String> readAll(DataInputStream in) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      texts.add(read(in));
    }
    return texts;
  }

  private static String read(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
