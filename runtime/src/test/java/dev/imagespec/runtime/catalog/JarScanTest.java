package dev.imagespec.runtime.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JarScanTest {
  private static final String TEXT = "dev/imagespec/";

  @TempDir Path dir;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(dir.resolve("a.jar"), bytes);
  }

  /** A jar with some files, and one more. */
  private static byte[] jar(int method, String name, String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream jar = new ZipOutputStream(bytes)) {
      jar.setComment("dev/imagespec/ in a comment");
      for (int i = 0; i < 50; i++) {
        add(jar, ZipEntry.DEFLATED, "a/C" + i + ".class", "devdev/dev/image".repeat(i * i));
      }
      add(jar, method, name, content);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream jar, int method, String name, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(method);
    if (method == ZipEntry.STORED) {
      CRC32 crc = new CRC32();
      crc.update(bytes);
      entry.setSize(bytes.length);
      entry.setCrc(crc.getValue());
    }
    jar.putNextEntry(entry);
    jar.write(bytes);
    jar.closeEntry();
  }

  @ParameterizedTest
  @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
  void findsTheTextWhereverItStandsInAClass(int method) throws IOException {
    for (String content :
        List.of(TEXT, TEXT + "x", "x" + TEXT, "ddev/dev/imagespec/", "x".repeat(200_000) + TEXT)) {
      Path jar = file(jar(method, "b/D.class", content));
      assertThat(JarScan.mayContain(jar, TEXT)).as(content).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
  void knowsThatNoClassHasIt(int method) throws IOException {
    for (String content : List.of("", "dev/imagespe", "dev/imagespec.", "x".repeat(200_000))) {
      Path jar = file(jar(method, "b/D.class", content));
      assertThat(JarScan.mayContain(jar, TEXT)).as(content).isFalse();
    }
  }

  @Test
  void looksAtClassesAlone() throws IOException {
    Path jar = file(jar(ZipEntry.DEFLATED, "META-INF/MANIFEST.MF", TEXT));
    assertThat(JarScan.mayContain(jar, TEXT)).isFalse();
  }

  @Test
  void readsAJarBehindAScript() throws IOException {
    for (String content : List.of("x", TEXT)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes("#!/bin/sh\nexec java -jar \"$0\"\n".getBytes(StandardCharsets.US_ASCII));
      bytes.writeBytes(jar(ZipEntry.DEFLATED, "b/D.class", content));
      assertThat(JarScan.mayContain(file(bytes.toByteArray()), TEXT))
          .isEqualTo(content.equals(TEXT));
    }
  }

  /** Not "no": whoever reads with care then says what is wrong. */
  @Test
  void leavesWhatIsUnusualToOthers() throws IOException {
    byte[] whole = jar(ZipEntry.DEFLATED, "b/D.class", "x");
    assertThat(JarScan.mayContain(file(new byte[0]), TEXT)).isTrue();
    assertThat(JarScan.mayContain(file(new byte[1000]), TEXT)).isTrue();
    assertThat(JarScan.mayContain(dir, TEXT)).isTrue();
    for (int length = 1; length < whole.length; length += 97) {
      byte[] part = Arrays.copyOf(whole, whole.length - length);
      assertThat(JarScan.mayContain(file(part), TEXT)).as("less %s", length).isTrue();
    }
    // No table entry of another kind than the usual one is believed.
    for (int at = whole.length - 400; at < whole.length - 50; at++) {
      byte[] other = whole.clone();
      other[at] ^= (byte) 0x80;
      boolean unused = JarScan.mayContain(file(other), TEXT);
      other[at] = (byte) 0xff;
      unused = JarScan.mayContain(file(other), TEXT);
    }
    byte[] encrypted = whole.clone();
    int entry = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2");
    encrypted[entry + 8] |= 1;
    assertThat(JarScan.mayContain(file(encrypted), TEXT)).isTrue();
    byte[] largeJar = new byte[17 << 20];
    System.arraycopy(whole, 0, largeJar, largeJar.length - whole.length, whole.length);
    assertThat(JarScan.mayContain(file(largeJar), TEXT)).isTrue();
  }

  /** Most jars are decided at once: of none of those with which this test runs is it unsure. */
  @Test
  void isSureOfTheJarsOfThisClassPath() throws IOException {
    List<Path> jars =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(name -> name.endsWith(".jar"))
            .map(Path::of)
            .toList();
    assertThat(jars).hasSizeGreaterThan(20);
    for (Path jar : jars) {
      for (String text : List.of(TEXT, "java/util/concurrent/Phaser")) {
        assertThat(JarScan.mayContain(jar, text))
            .as("%s in %s", text, jar)
            .isEqualTo(Files.size(jar) > 16 << 20 || slowly(jar, text));
      }
    }
  }

  private static boolean slowly(Path path, String text) throws IOException {
    try (ZipFile jar = new ZipFile(path.toFile())) {
      Enumeration<? extends ZipEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        byte[] bytes = jar.getInputStream(entry).readAllBytes();
        if (entry.getName().endsWith(".class")
            && new String(bytes, StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
      return false;
    }
  }
}
