// Flyte 2's TaskService for tests: it decodes strictly, checks what the messages' own rules demand, and keeps tasks as
// the open-source server does, which replaces a task under the same version without a word.
//
// Prints {"port": N} once it listens, and ends when its standard input does. With the argument "fields", prints the
// fields of a task template instead. Each request is a line of the
// journal, written before the answer. Reads its settings from the environment:
//   FLYTE2_JOURNAL          the journal's file
//   FLYTE2_PROJECTS         the projects that exist, comma-separated
//   FLYTE2_TOKEN            the bearer token that may do everything; without it no token is asked for
//   FLYTE2_READ_TOKEN       the bearer token that may only read
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ScalarType, create, fromBinary, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { timestampNow } from "@bufbuild/protobuf/wkt";
import { createValidator } from "@bufbuild/protovalidate";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { TaskTemplateSchema } from "@flyteorg/flyteidl2/flyteidl2/core/tasks_pb.ts";
import { TaskService, DeployTaskRequestSchema } from "@flyteorg/flyteidl2/flyteidl2/task/task_service_pb.ts";
import {
  TaskDetailsSchema,
  TaskIdentifierSchema,
  TaskSpecSchema,
  type TaskIdentifier,
} from "@flyteorg/flyteidl2/flyteidl2/task/task_definition_pb.ts";

type Row = { id: TaskIdentifier; spec: Uint8Array; deployedAt: ReturnType<typeof timestampNow> };

const environment = process.env;
const projects = new Set((environment.FLYTE2_PROJECTS ?? "").split(",").filter((project) => project !== ""));
const rows = new Map<string, Row>();
const validator = createValidator();

function journal(line: object): void {
  appendFileSync(environment.FLYTE2_JOURNAL!, JSON.stringify(line) + "\n");
}

function valid<D extends DescMessage>(schema: D, message: MessageShape<D>): void {
  const result = validator.validate(schema, message);
  if (result.kind === "invalid") {
    throw new ConnectError(result.violations.map(String).join("; "), Code.InvalidArgument);
  }
  if (result.kind === "error") {
    throw new ConnectError(result.error.message, Code.Internal);
  }
}

/** The row's key; as in the server's table, the organization is no part of it. */
function key(id: TaskIdentifier | undefined): string {
  return [id?.project, id?.domain, id?.name, id?.version].map((part) => part ?? "").join(" ");
}

function shortName(name: string, environmentName: string): string {
  return environmentName !== "" && name.startsWith(environmentName + ".")
    ? name.slice(environmentName.length + 1)
    : name.slice(name.lastIndexOf(".") + 1);
}

const journaled: Interceptor = (next) => async (request) => {
  const id = (request.message as { taskId?: TaskIdentifier }).taskId;
  const line = { method: request.method.name, org: id?.org ?? "", task: key(id) };
  const before = rows.get(key(id));
  try {
    const token = (request.header.get("authorization") ?? "").replace(/^Bearer /, "");
    if (environment.FLYTE2_TOKEN && token !== environment.FLYTE2_TOKEN && token !== environment.FLYTE2_READ_TOKEN) {
      throw new ConnectError("token is invalid or expired", Code.Unauthenticated);
    }
    if (environment.FLYTE2_TOKEN && token !== environment.FLYTE2_TOKEN && request.method.name === "DeployTask") {
      throw new ConnectError("caller is not allowed to perform action [register_flyte_inventory]", Code.PermissionDenied);
    }
    const answer = await next(request);
    const after = rows.get(key(id));
    const replaced = before !== undefined && after !== undefined && Buffer.compare(before.spec, after.spec) !== 0;
    journal({ ...line, code: "ok", replaced });
    return answer;
  } catch (error) {
    journal({ ...line, code: Code[ConnectError.from(error).code] });
    throw error;
  }
};

const handler = connectNodeAdapter({
  jsonOptions: { ignoreUnknownFields: false },
  interceptors: [journaled],
  routes(router) {
    router.service(TaskService, {
      deployTask(request) {
        valid(DeployTaskRequestSchema, request);
        const id = request.taskId!;
        if (!projects.has(id.project)) {
          throw new ConnectError(`project "${id.project}" not found`, Code.NotFound);
        }
        const spec = toBinary(TaskSpecSchema, request.spec!);
        rows.set(key(id), { id, spec, deployedAt: rows.get(key(id))?.deployedAt ?? timestampNow() });
        return {};
      },
      listVersions(request) {
        const { project = "", domain = "", name = "" } = request.taskName ?? {};
        const versions = [...rows.values()]
          .filter(({ id }) => id.project === project && id.domain === domain && id.name === name)
          .reverse()
          .slice(0, request.request?.limit ?? 0)
          .map(({ id, deployedAt }) => ({ version: id.version, deployedAt }));
        return { versions };
      },
      getTaskDetails(request) {
        const row = rows.get(key(request.taskId));
        if (row === undefined) {
          throw new ConnectError(`task not found: {${key(request.taskId)}}`, Code.NotFound);
        }
        const spec = fromBinary(TaskSpecSchema, row.spec);
        const { project, domain, name, version } = row.id;
        const environmentName = spec.environment?.name ?? "";
        return {
          details: create(TaskDetailsSchema, {
            taskId: create(TaskIdentifierSchema, { project, domain, name, version }),
            metadata: { shortName: shortName(name, environmentName), environmentName, deployedAt: row.deployedAt },
            spec,
          }),
        };
      },
    });
  },
});

/** The fields of the messages in a task template: "message field type", with a list or map in front of the type. */
function fields(message: DescMessage, seen: Set<string>): void {
  if (seen.has(message.typeName) || message.typeName.startsWith("google.protobuf.")) {
    return;
  }
  seen.add(message.typeName);
  for (const field of message.fields) {
    const kind = field.fieldKind === "list" ? field.listKind : field.fieldKind === "map" ? field.mapKind : field.fieldKind;
    const type =
      kind === "message"
        ? field.message!.typeName
        : kind === "enum"
          ? field.enum!.typeName
          : ScalarType[field.scalar!].toLowerCase();
    const shape = field.fieldKind === "list" ? "list:" : field.fieldKind === "map" ? "map:" : "";
    process.stdout.write(`${message.typeName} ${field.name} ${shape}${type}\n`);
    if (kind === "message") {
      fields(field.message!, seen);
    }
  }
}

if (process.argv[2] === "fields") {
  fields(TaskTemplateSchema, new Set());
  process.exit(0);
}

const server = createServer(handler);
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(JSON.stringify({ port: (server.address() as AddressInfo).port }) + "\n");
});
process.stdin.on("end", () => process.exit(0));
process.stdin.resume();
