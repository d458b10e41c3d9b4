/**
 * Registers tasks as task definitions of Amazon ECS, job definitions of AWS Batch and functions of
 * AWS Lambda.
 */
module dev.imagespec.registrar.aws {
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires dev.imagespec.model;
  requires dev.imagespec.registrar.definition;
  requires dev.imagespec.runtime;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.services.batch;
  requires software.amazon.awssdk.services.ecs;
  requires software.amazon.awssdk.services.lambda;
  requires software.amazon.awssdk.services.sts;
  requires software.amazon.awssdk.utils;

  provides dev.imagespec.runtime.TaskRegistrar with
      dev.imagespec.registrar.aws.AwsRegistrar;
}
