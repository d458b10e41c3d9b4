package dev.imagespec.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.imagespec.runtime.registry.auth.Credential;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a user sees of the library: its own types, and those of the JDK and the model. */
class SurfaceTest {
  private static final String PUBLIC = "dev.imagespec.runtime";
  private static final String ENGINES = "dev.imagespec.runtime.engine";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(PUBLIC);

  private static ArchCondition<JavaClass> show(String... packages) {
    Set<String> allowed = Set.of(packages);
    return new ArchCondition<>("show only types of the JDK and of " + allowed) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        shown(type).stream()
            .flatMap(shown -> shown.getAllInvolvedRawTypes().stream())
            .map(JavaClass::getBaseComponentType)
            .filter(
                raw ->
                    !raw.isPrimitive()
                        && !raw.getPackageName().startsWith("java.")
                        && !(allowed.contains(raw.getPackageName()) && isVisible(raw)))
            .forEach(
                raw ->
                    events.add(
                        SimpleConditionEvent.violated(
                            type, type.getName() + " shows " + raw.getName())));
      }
    };
  }

  /** Super types, and the types in the signatures of what is public or protected. */
  private static List<JavaType> shown(JavaClass type) {
    List<JavaType> shown = new ArrayList<>(type.getInterfaces());
    type.getSuperclass().ifPresent(shown::add);
    shown.addAll(type.getTypeParameters());
    for (JavaMember member : type.getMembers()) {
      if (!member.getModifiers().contains(JavaModifier.PUBLIC)
          && !member.getModifiers().contains(JavaModifier.PROTECTED)) {
        continue;
      }
      if (member instanceof JavaCodeUnit unit) {
        shown.add(unit.getReturnType());
        shown.addAll(unit.getParameterTypes());
        shown.addAll(unit.getTypeParameters());
        shown.addAll(unit.getExceptionTypes());
      } else {
        shown.addAll(member.getAllInvolvedRawTypes());
      }
    }
    return shown;
  }

  private static boolean isVisible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(SurfaceTest::isVisible).orElse(true);
  }

  private static void check(JavaClasses types, String inPackage, String... packages) {
    classes()
        .that()
        .resideInAPackage(inPackage)
        .and()
        .arePublic()
        .should(show(packages))
        .check(types);
  }

  @Test
  void thePublicPackageShowsNoInnerType() {
    check(CLASSES, PUBLIC, PUBLIC, "dev.imagespec", "dev.imagespec.model");
  }

  @Test
  void thePackageThatEnginesAreWrittenForShowsNoInnerType() {
    check(CLASSES, ENGINES, ENGINES, "dev.imagespec.model");
  }

  /** Shows inner types in every way there is. */
  @SuppressWarnings("unused") // read as a class file
  public abstract static class Leak implements Supplier<Credential> {
    public Optional<Credential> generic() {
      return Optional.empty();
    }

    public void array(Credential[] parameter) {}

    public <T extends Credential> void bound(T value) {}

    protected Credential field = new Credential("", "");

    void hidden(Credential notShown) {}
  }

  @Test
  void theRuleSeesALeak() {
    List<String> shown =
        shown(new ClassFileImporter().importClass(Leak.class)).stream()
            .flatMap(type -> type.getAllInvolvedRawTypes().stream())
            .map(type -> type.getBaseComponentType().getName())
            .filter(Credential.class.getName()::equals)
            .toList();
    assertThat(shown).as("super type, result, parameter, bound and its use, field").hasSize(6);
  }

  @Test
  void theModuleExportsThesePackagesAlone() {
    Set<ModuleDescriptor.Exports> exports =
        ModuleFinder.of(Path.of("target", "classes"))
            .find("dev.imagespec.runtime")
            .orElseThrow()
            .descriptor()
            .exports();
    assertThat(exports)
        .filteredOn(export -> !export.isQualified())
        .extracting(ModuleDescriptor.Exports::source)
        .containsExactlyInAnyOrder(PUBLIC, ENGINES);
  }
}
