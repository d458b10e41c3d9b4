package dev.imagespec.processor;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.eclipse.jdt.internal.compiler.tool.EclipseCompiler;

/** Compilers that the processor is to be right in, one way to use them all. */
enum TestCompiler {
  /** The one of the JDK that the tests run on. */
  JAVAC,
  /** Eclipse's. */
  ECJ,
  /** JDK 25's, where the machine has one. */
  JAVAC_25;

  /** What a compiler said; line and column are -1 where it said none. */
  record Said(Diagnostic.Kind kind, String file, long line, long column, String text) {}

  /**
   * A compilation.
   *
   * @param said what the compiler said; Eclipse's says it twice, once as {@code OTHER}
   * @param outputs texts of the class output by path, generated sources below {@code src/}
   */
  record Compiled(boolean succeeded, List<Said> said, Map<String, String> outputs) {
    String output(String path) {
      return Objects.requireNonNull(
          outputs.get(path), () -> path + " is not in " + outputs.keySet());
    }

    /** What the processor said at a place. */
    List<Said> ours() {
      return said.stream()
          .filter(one -> one.kind() != Diagnostic.Kind.OTHER && one.text().contains("IMG0"))
          .toList();
    }
  }

  /** What a compiler answers. */
  record Answer(boolean succeeded, List<Said> said) {}

  /**
   * Compiles sources; skips the test where the machine has no such compiler.
   *
   * @param dir where the sources and the output go; what is there stays
   * @param sources texts by path
   * @param processors what runs in the compiler
   * @param more further options
   */
  Compiled compile(
      Path dir,
      Map<String, String> sources,
      List<Class<? extends Processor>> processors,
      String... more) {
    if (this == JAVAC_25) {
      assumeTrue(LaterJavac.isThere(), LaterJavac.MISSING);
    }
    try {
      Path output = Files.createDirectories(dir.resolve("out"));
      Path generated = Files.createDirectories(output.resolve("src"));
      List<Path> files = new ArrayList<>();
      for (Map.Entry<String, String> source : sources.entrySet()) {
        Path file = dir.resolve("in").resolve(source.getKey());
        Path parent = file.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        files.add(Files.writeString(file, source.getValue()));
      }
      String classPath = System.getProperty("java.class.path");
      List<String> options = new ArrayList<>(List.of(more));
      options.addAll(
          List.of(
              "-cp",
              output + File.pathSeparator + classPath,
              "-processorpath",
              classPath,
              "-processor",
              processors.stream().map(Class::getName).collect(Collectors.joining(",")),
              "-encoding",
              "UTF-8",
              "-d",
              output.toString(),
              "-s",
              generated.toString()));
      if (!options.contains("--release")) {
        options.addAll(List.of("--release", "17"));
      }
      Answer answer =
          switch (this) {
            case JAVAC -> run(ToolProvider.getSystemJavaCompiler(), options, files);
            case ECJ -> run(new EclipseCompiler(), options, files);
            case JAVAC_25 -> LaterJavac.run(options, files);
          };
      return new Compiled(answer.succeeded(), answer.said(), read(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Answer run(JavaCompiler compiler, List<String> options, List<Path> files)
      throws IOException {
    DiagnosticCollector<JavaFileObject> collector = new DiagnosticCollector<>();
    StringWriter out = new StringWriter();
    boolean succeeded;
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(collector, Locale.ROOT, StandardCharsets.UTF_8)) {
      succeeded =
          compiler
              .getTask(
                  out,
                  manager,
                  collector,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
    }
    List<Said> said = new ArrayList<>();
    for (Diagnostic<? extends JavaFileObject> one : collector.getDiagnostics()) {
      JavaFileObject file = one.getSource();
      said.add(
          new Said(
              one.getKind(),
              file == null ? "" : file.getName(),
              one.getLineNumber(),
              one.getColumnNumber(),
              String.valueOf(one.getMessage(Locale.ROOT))));
    }
    out.toString()
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> said.add(new Said(Diagnostic.Kind.OTHER, "", -1, -1, line)));
    return new Answer(succeeded, said);
  }

  private static Map<String, String> read(Path output) throws IOException {
    Map<String, String> outputs = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(output)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        if (!file.toString().endsWith(".class")) {
          outputs.put(output.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return outputs;
  }
}
