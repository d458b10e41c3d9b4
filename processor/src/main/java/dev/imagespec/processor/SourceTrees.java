package dev.imagespec.processor;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import dev.imagespec.check.Located;
import dev.imagespec.check.Message;
import dev.imagespec.check.Problem;
import dev.imagespec.processor.read.SpecReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.tools.Diagnostic;

/**
 * What stands in source files that compilers do not show to processors. Only javac has trees of
 * them to look through.
 */
interface SourceTrees {
  /** Reports annotated classes in methods, of which no round tells. */
  void checkLocalClasses(Set<? extends Element> roots, SpecReader reader);

  /** Whether an element has annotations in its source that it does not have for processors. */
  boolean haveMoreAnnotations(Element element);

  /** Knows nothing. Other compilers show annotations whose types do not exist. */
  final class NoTrees implements SourceTrees {
    @Override
    public void checkLocalClasses(Set<? extends Element> roots, SpecReader reader) {}

    @Override
    public boolean haveMoreAnnotations(Element element) {
      return false;
    }
  }

  /** Looks through javac's trees. */
  final class JavacTrees implements SourceTrees {
    private final Trees trees;
    private final Elements elements;

    JavacTrees(Trees trees, Elements elements) {
      this.trees = trees;
      this.elements = elements;
    }

    @Override
    public void checkLocalClasses(Set<? extends Element> roots, SpecReader reader) {
      Set<CompilationUnitTree> units = new HashSet<>();
      for (Element root : roots) {
        TreePath path = root instanceof TypeElement ? trees.getPath(root) : null;
        if (path != null && units.add(path.getCompilationUnit())) {
          check(path.getCompilationUnit(), reader);
        }
      }
    }

    @Override
    public boolean haveMoreAnnotations(Element element) {
      Tree tree = trees.getTree(element);
      List<? extends AnnotationTree> written =
          tree instanceof ClassTree type
              ? type.getModifiers().getAnnotations()
              : tree instanceof PackageTree one ? one.getAnnotations() : List.of();
      // An annotation that is repeated is one for processors.
      return written.stream()
              .map(annotation -> annotation.getAnnotationType().toString())
              .distinct()
              .count()
          > element.getAnnotationMirrors().size();
    }

    private void check(CompilationUnitTree unit, SpecReader reader) {
      List<ClassTree> locals = new ArrayList<>();
      unit.getTypeDecls().forEach(type -> members(type, locals));
      for (ClassTree local : locals) {
        for (AnnotationTree annotation : local.getModifiers().getAnnotations()) {
          if (names(unit, annotation.getAnnotationType().toString()).stream()
              .map(elements::getTypeElement)
              .anyMatch(type -> type != null && reader.leadsToSpec(type))) {
            Located<String> where =
                new Located<>(local.getSimpleName().toString(), () -> "@ImageSpec");
            trees.printMessage(
                Diagnostic.Kind.ERROR,
                Problem.of(Message.LOCAL_CLASS, where).text(),
                annotation,
                unit);
          }
        }
      }
    }

    /** Looks for local classes in what a class has besides member classes. */
    private static void members(Tree tree, List<ClassTree> locals) {
      if (!(tree instanceof ClassTree type)) {
        return;
      }
      for (Tree member : type.getMembers()) {
        if (member instanceof ClassTree) {
          members(member, locals);
        } else {
          member.accept(
              new TreeScanner<Void, Void>() {
                @Override
                public Void visitClass(ClassTree local, Void nothing) {
                  locals.add(local);
                  return super.visitClass(local, null);
                }
              },
              null);
        }
      }
    }

    /** The names that an annotation may have, as it is written in a file. */
    private static List<String> names(CompilationUnitTree unit, String written) {
      List<String> names = new ArrayList<>(List.of(written));
      if (unit.getPackageName() != null) {
        names.add(unit.getPackageName() + "." + written);
      }
      for (ImportTree one : unit.getImports()) {
        String name = one.getQualifiedIdentifier().toString();
        if (name.endsWith(".*")) {
          names.add(name.substring(0, name.length() - 1) + written);
        } else if (name.endsWith("." + written)) {
          names.add(name);
        }
      }
      return names;
    }
  }
}
