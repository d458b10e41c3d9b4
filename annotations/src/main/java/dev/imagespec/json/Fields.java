package dev.imagespec.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The members of one JSON object. Each read removes a member, so the members that remain at {@link
 * #end} are unknown ones. Methods throw {@link IllegalArgumentException} for a wrong type; {@code
 * end} also throws it for unknown members.
 */
public record Fields(String of, Map<String, Object> members) {

  public static Fields of(Object value, String of) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(of + " is not a JSON object");
    }
    Map<String, Object> members = new TreeMap<>();
    map.forEach((key, member) -> members.put((String) key, member));
    return new Fields(of, members);
  }

  public Fields object(String key) {
    return of(take(key, Map.class, Map.of()), key);
  }

  public String text(String key) {
    return take(key, String.class, "");
  }

  public boolean flag(String key) {
    return take(key, Boolean.class, false);
  }

  public int number(String key) {
    long number = take(key, Long.class, 0L);
    if (number != (int) number) {
      throw new IllegalArgumentException(of + ": \"" + key + "\" is too large a number");
    }
    return (int) number;
  }

  public List<String> texts(String key) {
    return list(key, String.class::cast);
  }

  public <T> List<T> list(String key, Function<Object, T> read) {
    List<T> result = new ArrayList<>();
    for (Object value : take(key, List.class, List.of())) {
      try {
        result.add(read.apply(value));
      } catch (ClassCastException e) {
        throw new IllegalArgumentException(
            of + ": an entry of \"" + key + "\" has a wrong type", e);
      }
    }
    return result;
  }

  public Map<String, String> map(String key) {
    Map<String, String> result = new TreeMap<>();
    Fields fields = object(key);
    for (String name : Set.copyOf(fields.members.keySet())) {
      result.put(name, fields.text(name));
    }
    return result;
  }

  public void end() {
    if (!members.isEmpty()) {
      throw new IllegalArgumentException(of + ": unknown attributes " + members.keySet());
    }
  }

  private <T> T take(String key, Class<T> type, T unset) {
    Object value = members.remove(key);
    if (value == null) {
      return unset;
    }
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(of + ": \"" + key + "\" has a wrong type");
    }
    return type.cast(value);
  }
}
