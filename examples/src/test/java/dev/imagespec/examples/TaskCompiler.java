package dev.imagespec.examples;

import dev.imagespec.ImageSpec;
import dev.imagespec.processor.ImageSpecProcessor;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The compiler with the annotation processor, as a build runs them. */
final class TaskCompiler {
  private static final Pattern CODE = Pattern.compile("IMG[0-9]{3}");

  private TaskCompiler() {}

  /**
   * Compiles into a folder.
   *
   * @return for each class that is refused the codes of its errors; {@code javac} stands for an
   *     error that is not the processor's
   */
  static Map<String, List<String>> compile(
      List<TaskSource> sources, Path projectDir, Path classes, String... options)
      throws IOException {
    Map<String, String> texts = new TreeMap<>();
    sources.forEach(source -> texts.put(source.name(), source.source()));
    return compile(texts, projectDir, classes, options);
  }

  /**
   * Compiles source files, by the name of each, into a folder.
   *
   * @return for each file that is refused the codes of its errors; {@code javac} stands for an
   *     error that is not the processor's
   */
  static Map<String, List<String>> compile(
      Map<String, String> sources, Path projectDir, Path classes, String... options)
      throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-d",
                Files.createDirectories(classes).toString(),
                "-classpath",
                annotations().toString(),
                "-Aimagespec.projectDir=" + projectDir,
                "-Xmaxerrs",
                "100000",
                "-Xmaxwarns",
                "100000"));
    arguments.addAll(List.of(options));
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
      Writer out = new StringWriter();
      JavaCompiler.CompilationTask task =
          javac.getTask(
              out,
              files,
              found,
              arguments,
              null,
              sources.entrySet().stream()
                  .map(file -> new Source(file.getKey(), file.getValue()))
                  .toList());
      task.setProcessors(List.of(new ImageSpecProcessor()));
      boolean done = task.call();
      Map<String, List<String>> refused = new TreeMap<>();
      for (Diagnostic<? extends JavaFileObject> diagnostic : found.getDiagnostics()) {
        if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
          String message = diagnostic.getMessage(Locale.ROOT);
          Matcher code = CODE.matcher(message);
          refused
              .computeIfAbsent(className(diagnostic.getSource()), name -> new ArrayList<>())
              .add(code.find() ? code.group() : "javac: " + message);
        }
      }
      if (!done && refused.isEmpty()) {
        throw new IOException("javac failed without an error: " + out);
      }
      return refused;
    }
  }

  private static Path annotations() throws IOException {
    try {
      return Path.of(ImageSpec.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static String className(JavaFileObject file) {
    return file instanceof Source source ? source.name : String.valueOf(file);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String name;
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.name = name;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
