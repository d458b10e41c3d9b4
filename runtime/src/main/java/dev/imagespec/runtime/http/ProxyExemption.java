package dev.imagespec.runtime.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An entry of {@code NO_PROXY}: a host with its subdomains, an address, a range of addresses in
 * CIDR notation, or {@code *} for all; a host or an address may have a port. Understood as by curl
 * and Go.
 *
 * @param host in lower case, without brackets
 * @param port the only port, or {@link #ANY}
 */
record ProxyExemption(String host, int port) {
  private static final int ANY = -1;

  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final Pattern PREFIX = Pattern.compile("[0-9]{1,3}");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]{7,15}|[0-9a-f.]*:[0-9a-f:.]*");

  /** Reads an entry; empty if it is none, which other programs pass over, too. */
  static Optional<ProxyExemption> parse(String text) {
    String entry = text.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
    int bracket = entry.startsWith("[") ? entry.indexOf(']') : -1;
    int colon = entry.indexOf(':', Math.max(0, bracket));
    // An address of IPv6 has several colons, and can have a port only in brackets.
    boolean hasPort = colon >= 0 && colon == entry.lastIndexOf(':');
    String host = bare(hasPort ? entry.substring(0, colon) : entry);
    String port = hasPort ? entry.substring(colon + 1) : "";
    if (host.isEmpty() || (hasPort && !PORT.matcher(port).matches())) {
      return Optional.empty();
    }
    return Optional.of(new ProxyExemption(host, hasPort ? Integer.parseInt(port) : ANY));
  }

  /** Whether requests to an address use no proxy because of this entry. */
  boolean covers(URI uri) {
    String asked = bare(uri.getHost().toLowerCase(Locale.ROOT));
    return (port == ANY || port == Addresses.port(uri))
        && (host.equals("*")
            || asked.equals(host)
            || asked.endsWith("." + host)
            || isInRange(asked));
  }

  private boolean isInRange(String asked) {
    int slash = host.indexOf('/');
    if (slash < 0 || !PREFIX.matcher(host.substring(slash + 1)).matches()) {
      return false;
    }
    int bits = Integer.parseInt(host.substring(slash + 1));
    Optional<byte[]> range = address(host.substring(0, slash));
    Optional<byte[]> address = address(asked);
    return range.isPresent()
        && address.isPresent()
        && range.get().length == address.get().length
        && bits <= range.get().length * Byte.SIZE
        && Arrays.equals(masked(range.get(), bits), masked(address.get(), bits));
  }

  private static byte[] masked(byte[] address, int bits) {
    byte[] masked = address.clone();
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.max(0, Math.min(Byte.SIZE, bits - i * Byte.SIZE));
      masked[i] &= (byte) (0xff << (Byte.SIZE - kept));
    }
    return masked;
  }

  /** The bytes of an address; no name is looked up. */
  private static Optional<byte[]> address(String text) {
    if (!ADDRESS.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text).getAddress());
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
