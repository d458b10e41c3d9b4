package dev.imagespec.processor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.tools.Diagnostic;

/** The processor, with something between it and the compiler. */
public abstract class InterposedProcessor extends AbstractProcessor {
  private final ImageSpecProcessor processor = new ImageSpecProcessor();

  /** Sees a call of the filer or of the elements before the compiler does. */
  void before(Method method, List<Object> arguments) {}

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return processor.getSupportedAnnotationTypes();
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return processor.getSupportedSourceVersion();
  }

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    Filer filer = interposed(Filer.class, environment.getFiler());
    Elements elements = interposed(Elements.class, environment.getElementUtils());
    processor.init(
        proxy(
            ProcessingEnvironment.class,
            (method, arguments) ->
                switch (method.getName()) {
                  case "getFiler" -> filer;
                  case "getElementUtils" -> elements;
                  default -> call(method, environment, arguments);
                }));
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    processor.process(annotations, round);
    if (round.processingOver()) {
      over();
    }
    return false;
  }

  /** Comes after the last round. */
  void over() {}

  private <T> T interposed(Class<T> type, T target) {
    return proxy(
        type,
        (method, arguments) -> {
          before(method, arguments == null ? List.of() : Arrays.asList(arguments));
          return call(method, target, arguments);
        });
  }

  private interface Handler {
    Object handle(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            InterposedProcessor.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> handler.handle(method, arguments)));
  }

  private static Object call(Method method, Object target, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Tells with each output the elements that it originates from. */
  public static final class Recording extends InterposedProcessor {
    static final String ORIGINS = "ORIGINS ";

    @Override
    void before(Method method, List<Object> arguments) {
      if (method.getName().startsWith("create")) {
        Element[] origins = (Element[]) arguments.get(arguments.size() - 1);
        Object output = arguments.get(arguments.size() - 2);
        processingEnv
            .getMessager()
            .printMessage(Diagnostic.Kind.NOTE, ORIGINS + output + " " + Arrays.toString(origins));
      }
    }
  }

  /** Tells at the end how often the compiler was asked for something. */
  public static final class Counting extends InterposedProcessor {
    static final String CALLS = "CALLS ";
    private int calls;

    @Override
    void before(Method method, List<Object> arguments) {
      calls++;
    }

    @Override
    void over() {
      processingEnv.getMessager().printMessage(Diagnostic.Kind.NOTE, CALLS + calls);
    }
  }

  /** Fails where a class named {@code Broken} is written. */
  public static final class FailingFiler extends InterposedProcessor {
    @Override
    void before(Method method, List<Object> arguments) {
      if (method.getName().startsWith("create") && arguments.toString().contains("Broken")) {
        throw new IllegalStateException("a bug");
      }
    }
  }

  /** Fails before it is known which class it is about. */
  public static final class FailingElements extends InterposedProcessor {
    @Override
    void before(Method method, List<Object> arguments) {
      if (method.getName().equals("getModuleOf")) {
        throw new StackOverflowError("a bug");
      }
    }
  }
}
