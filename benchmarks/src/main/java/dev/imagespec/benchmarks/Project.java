package dev.imagespec.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.jar.JarOutputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A user's project: a class for each task, compiled with the processor, a jar that all images have,
 * and a file of its own for each image.
 */
final class Project {
  private static final int JAR = 5 << 20;

  /** Classes that are compiled together, and that a package has. */
  private static final int AT_ONCE = 1000;

  private static final int PACKAGE = 100;

  private static final String TASK =
      """
      package p%1$d;

      import dev.imagespec.Copy;
      import dev.imagespec.ImageSpec;

      @ImageSpec(
          name = "%3$s",
          baseImage = "%4$s",
          classpath = true,
          entrypoint = "/bin/true",
          copy = @Copy(from = "payload/%5$d.bin", to = "/opt/payload.bin"))
      public final class Task%2$d {}
      """;

  private final Path folder;
  private final int payload;

  private Project(Path folder, int payload) {
    this.folder = folder;
    this.payload = payload;
  }

  /**
   * Makes a project.
   *
   * @param folder an empty folder
   * @param base the base image's reference
   * @param payload how large the file is that an image has for itself, in bytes
   */
  static Project make(Path folder, Scenario scenario, String base, int payload) throws IOException {
    Project project = new Project(folder, payload);
    Files.createDirectories(project.classes());
    Files.createDirectories(folder.resolve("payload"));
    jar(project.jar());
    for (int image = 0; image < scenario.images(); image++) {
      project.fill(image, 0);
    }
    for (int from = 0; from < scenario.tasks(); from += AT_ONCE) {
      project.compile(scenario, base, from, Math.min(scenario.tasks(), from + AT_ONCE));
    }
    return project;
  }

  private static void jar(Path file) throws IOException {
    byte[] content = new byte[JAR];
    new Random(2).nextBytes(content);
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("shared.bin");
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(JAR);
    entry.setCrc(crc.getValue());
    entry.setTime(0);
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out)) {
      jar.putNextEntry(entry);
      jar.write(content);
    }
  }

  Path folder() {
    return folder;
  }

  Path classes() {
    return folder.resolve("classes");
  }

  Path jar() {
    return folder.resolve("shared.jar");
  }

  /** The file that an image has for itself. */
  Path payload(int image) {
    return folder.resolve("payload/" + image + ".bin");
  }

  /** The class of a task. */
  static String task(int task) {
    return "p" + task / PACKAGE + ".Task" + task;
  }

  Path classFile(int task) {
    return classes().resolve(task(task).replace('.', '/') + ".class");
  }

  /**
   * Gives an image's own file a content.
   *
   * @param version 0 for what it had at first
   */
  void fill(int image, int version) throws IOException {
    byte[] content = new byte[payload];
    new Random(1000L * version + image + 3).nextBytes(content);
    Files.write(payload(image), content);
  }

  private void compile(Scenario scenario, String base, int from, int to) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (int task = from; task < to; task++) {
      int image = task % scenario.images();
      Path source = folder.resolve("src/" + task(task).replace('.', '/') + ".java");
      Files.createDirectories(source.resolveSibling(""));
      Files.writeString(
          source, TASK.formatted(task / PACKAGE, task, scenario.repository(image), base, image));
      sources.add(source);
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    String classPath = System.getProperty("java.class.path");
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of(
              "-d",
              classes().toString(),
              "-cp",
              classPath,
              "-processorpath",
              classPath,
              "-processor",
              "dev.imagespec.processor.ImageSpecProcessor",
              "-Aimagespec.projectDir=" + folder);
      if (!javac
          .getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
          .call()) {
        throw new IllegalStateException(said.toString());
      }
    }
  }
}
