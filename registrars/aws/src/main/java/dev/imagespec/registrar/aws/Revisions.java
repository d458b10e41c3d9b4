package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Optional;

/**
 * Definitions of which a service keeps all revisions, and changes none. Each registration makes a
 * new one, whatever is there.
 */
interface Revisions {
  /** The tag with the identity of what was sent. */
  String TAG = "imagespec:definition";

  /** How many tags a resource of AWS may have. */
  int MOST_TAGS = 50;

  /**
   * The newest active revision.
   *
   * @param name the definition's name
   * @throws ImageSpecException if the service does not say
   */
  Optional<Revision> newest(String name);

  /**
   * Makes a new revision.
   *
   * @param tree what it says
   * @param identity the value of its {@link #TAG}
   * @return its ARN
   * @throws ImageSpecException if the service refuses
   */
  String register(ObjectNode tree, String identity) throws InterruptedException;
}
