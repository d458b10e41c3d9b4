package dev.imagespec.runtime.catalog;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * What a class file says about its class.
 *
 * @param name the class's binary name
 * @param annotations the binary names of its annotations
 */
record ClassFile(String name, Set<String> annotations) {
  private static final int MAJOR_VERSION = 6;
  private static final int READABLE = 17 + 44;

  ClassFile {
    annotations = Set.copyOf(annotations);
  }

  /** Parses a class file; empty if the bytes are not a class file that the reader can parse. */
  static Optional<ClassFile> parse(byte[] bytes) {
    try {
      byte[] copy = bytes.clone();
      // The reader rejects versions that it does not know, but newer versions change nothing read
      // here.
      copy[MAJOR_VERSION] = 0;
      copy[MAJOR_VERSION + 1] = READABLE;
      ClassReader reader = new ClassReader(copy);
      Set<String> annotations = new HashSet<>();
      reader.accept(
          new ClassVisitor(Opcodes.ASM9) {
            @Override
            public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
              annotations.add(Type.getType(descriptor).getClassName());
              return null;
            }
          },
          ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      return Optional.of(new ClassFile(reader.getClassName().replace('/', '.'), annotations));
    } catch (RuntimeException e) {
      // The reader throws no specific exception for bytes that it cannot parse.
      return Optional.empty();
    }
  }
}
