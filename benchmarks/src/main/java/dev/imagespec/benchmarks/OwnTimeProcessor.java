package dev.imagespec.benchmarks;

import dev.imagespec.processor.ImageSpecProcessor;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** ImageSpec's processor, with the time that passes in it and not in the compiler's filer. */
final class OwnTimeProcessor extends AbstractProcessor {
  private final ImageSpecProcessor processor = new ImageSpecProcessor();
  private long own;
  private long start;

  /** In nanoseconds of the thread's processor time. */
  long own() {
    return own;
  }

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
    Filer filer = proxy(Filer.class, (method, arguments) -> outside(method, arguments));
    processor.init(
        proxy(
            ProcessingEnvironment.class,
            (method, arguments) ->
                method.getName().equals("getFiler")
                    ? filer
                    : call(method, environment, arguments)));
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    start = now();
    processor.process(annotations, round);
    own += now() - start;
    return false;
  }

  private @Nullable Object outside(Method method, @Nullable Object[] arguments) throws Throwable {
    own += now() - start;
    try {
      return call(method, processingEnv.getFiler(), arguments);
    } finally {
      start = now();
    }
  }

  private static long now() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private interface Handler {
    @Nullable Object handle(Method method, @Nullable Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            OwnTimeProcessor.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> handler.handle(method, arguments)));
  }

  private static @Nullable Object call(Method method, Object target, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
