package dev.imagespec.registrar.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A revision of a definition.
 *
 * @param arn its ARN
 * @param identity the identity in its tag; empty if somebody else registered it
 * @param tree what it says, with the names of the service
 */
record Revision(String arn, String identity, ObjectNode tree) {}
