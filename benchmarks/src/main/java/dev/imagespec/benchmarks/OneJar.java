package dev.imagespec.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** One jar of several, as a program that is handed out has, and as a class archive needs it. */
final class OneJar {
  private OneJar() {}

  /** Writes the jars of this process's class path whose paths are wanted. */
  static Path write(Path to, Predicate<String> wanted) throws IOException {
    Set<String> seen = new HashSet<>();
    try (OutputStream out = Files.newOutputStream(to);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String entry :
          Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator, -1))) {
        if (entry.endsWith(".jar") && wanted.test(entry)) {
          add(Path.of(entry), zip, seen);
        }
      }
    }
    return to;
  }

  private static void add(Path jar, ZipOutputStream zip, Set<String> seen) throws IOException {
    try (InputStream file = Files.newInputStream(jar);
        ZipInputStream in = new ZipInputStream(file)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        String name = entry.getName();
        if (!name.endsWith("/")
            && !name.equals("META-INF/MANIFEST.MF")
            && !name.endsWith(".SF")
            && seen.add(name)) {
          zip.putNextEntry(new ZipEntry(name));
          in.transferTo(zip);
        }
      }
    }
  }
}
