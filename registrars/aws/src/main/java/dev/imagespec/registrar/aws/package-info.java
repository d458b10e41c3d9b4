/** Task definitions of Amazon ECS, job definitions of AWS Batch, functions of AWS Lambda. */
@NullMarked
package dev.imagespec.registrar.aws;

import org.jspecify.annotations.NullMarked;
