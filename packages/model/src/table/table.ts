/** How one value travels in AWS JSON 1.1. */
export type Scalar = "string" | "integer" | "long" | "double" | "boolean" | "timestamp" | "blob";

export interface ListShape {
  readonly list: string;
}

export interface MapShape {
  readonly key: string;
  readonly map: string;
}

/** Members in the model's order, each with the name of its shape; a `!` after the name marks a member that must be given. */
export interface StructureShape {
  readonly structure: Readonly<Record<string, string>>;
}

export type Shape = Scalar | ListShape | MapShape | StructureShape;

export interface OperationEntry {
  readonly input: string;
  readonly output: string;
  /** Names of the modelled exceptions that the operation may answer. */
  readonly errors: readonly string[];
}

export interface ExceptionEntry {
  readonly fault: "client" | "server";
  /** What the exception carries besides `message`, by name of shape. */
  readonly members?: Readonly<Record<string, string>>;
}

/** Bounds of a shape: values of numbers, UTF-16 units of strings, bytes of blobs, items of lists. */
export interface Constraint {
  readonly min?: number;
  readonly max?: number;
  /** Matches the whole value, whether the model anchors it or not. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** All of them page with `nextToken` and `maxResults`. */
export interface Paginator {
  /** Dotted paths of the output to the lists that a page adds to. */
  readonly items: readonly string[];
  /** Members of the output that the first page answers for all. */
  readonly fromFirstPage?: readonly string[];
}

export interface Waiter {
  readonly operation: string;
  readonly delaySeconds: number;
  readonly maxAttempts: number;
  /** Dotted path of the output to the value that decides. */
  readonly path: string;
  readonly success: string;
  readonly failure: string;
}

/** One service as data. Constraints and sentences stand beside it, so that who needs neither loads neither. */
export interface ServiceTable {
  /** What precedes the operation's name in `X-Amz-Target`, without the point. */
  readonly targetPrefix: string;
  /** The service's name in a SigV4 scope, and the prefix of its actions. */
  readonly signingName: string;
  readonly apiVersion: string;
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly operations: Readonly<Record<string, OperationEntry>>;
  readonly exceptions: Readonly<Record<string, ExceptionEntry>>;
}

export interface Member {
  readonly name: string;
  readonly shape: string;
  readonly required: boolean;
}

const parsedMembers = new WeakMap<StructureShape, readonly Member[]>();

/** The members of a structure, in the model's order. */
export function membersOf(shape: StructureShape): readonly Member[] {
  let members = parsedMembers.get(shape);
  if (members === undefined) {
    members = Object.entries(shape.structure).map(([name, text]) => ({
      name,
      shape: text.endsWith("!") ? text.slice(0, -1) : text,
      required: text.endsWith("!"),
    }));
    parsedMembers.set(shape, members);
  }
  return members;
}

/** Looks a shape up by its own name only, so that `constructor` and the like are unknown. */
export function shapeOf(table: ServiceTable, name: string): Shape {
  const shape = Object.hasOwn(table.shapes, name) ? table.shapes[name] : undefined;
  if (shape === undefined) throw new TypeError(`The table has no shape named ${name}`);
  return shape;
}

export function operationOf(table: ServiceTable, name: string): OperationEntry {
  const operation = Object.hasOwn(table.operations, name) ? table.operations[name] : undefined;
  if (operation === undefined) throw new TypeError(`The table has no operation named ${name}`);
  return operation;
}
