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
 * @param isAnnotation whether it is an annotation type
 * @param annotations the binary names of its annotations
 * @param references the binary names of the classes in its constant pool: itself, and those that
 *     its code needs (JVM specification, section 4.4.1). Where an annotation names a constant of a
 *     nested class, that class is among them, although nothing loads it
 * @param owners the binary names of the classes whose fields and methods it uses (section 4.4.2)
 */
record ClassFile(
    String name,
    boolean isAnnotation,
    Set<String> annotations,
    Set<String> references,
    Set<String> owners) {
  private static final int MAJOR_VERSION = 6;
  private static final int READABLE = 17 + 44;
  private static final int CONSTANT_CLASS = 7;

  /** Fields, methods, and methods of interfaces. */
  private static final Set<Integer> CONSTANT_MEMBERS = Set.of(9, 10, 11);

  ClassFile {
    annotations = Set.copyOf(annotations);
    references = Set.copyOf(references);
    owners = Set.copyOf(owners);
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
      return Optional.of(
          new ClassFile(
              reader.getClassName().replace('/', '.'),
              (reader.getAccess() & Opcodes.ACC_ANNOTATION) != 0,
              annotations,
              references(reader),
              owners(reader)));
    } catch (RuntimeException e) {
      // The reader throws no specific exception for bytes that it cannot parse.
      return Optional.empty();
    }
  }

  private static Set<String> references(ClassReader reader) {
    Set<String> references = new HashSet<>();
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int item = reader.getItem(i);
      if (item > 0 && reader.readByte(item - 1) == CONSTANT_CLASS) {
        add(reader.readUTF8(item, buffer), references);
      }
    }
    return references;
  }

  private static Set<String> owners(ClassReader reader) {
    Set<String> owners = new HashSet<>();
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int item = reader.getItem(i);
      if (item > 0 && CONSTANT_MEMBERS.contains(reader.readByte(item - 1))) {
        add(reader.readClass(item, buffer), owners);
      }
    }
    return owners;
  }

  private static void add(String internalName, Set<String> names) {
    Type type = Type.getObjectType(internalName);
    Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
    if (element.getSort() == Type.OBJECT) {
      names.add(element.getClassName());
    }
  }
}
