import type { EcrError } from "../ecr/ecr-error.ts";
import { membersOf, operationOf, shapeOf } from "./table.ts";
import type { Constraint, ListShape, MapShape, Scalar, ServiceTable, Shape, StructureShape } from "./table.ts";

/** One breach of the model. */
export interface Issue {
  /** Keys and 0-based indexes from the value down to what is wrong. */
  readonly path: readonly (string | number)[];
  /** The name that the message gives it: items are counted from 1, as in `tags.1.member.key`. */
  readonly field: string;
  readonly constraint: string;
  /** The whole text that ECR answers. */
  readonly message: string;
}

/** What a service's validation knows besides its table. */
export interface ValidationRules {
  readonly constraints: Readonly<Record<string, Constraint>>;
  /** Further constraints by `Structure.member`, told in the short wording. */
  readonly memberPatterns: Readonly<Record<string, string>>;
  /** Shapes told in the short wording, with the field that names them wherever they stand. */
  readonly shortWording: Readonly<Record<string, { readonly field: string; readonly pattern: string }>>;
  /** Patterns that backtrack without end on hostile text, in an equal form that does not; messages keep the model's. */
  readonly safePatterns: Readonly<Record<string, string>>;
  /** Enums whose values messages list in another order than the model. */
  readonly printedEnums: Readonly<Record<string, readonly string[]>>;
}

export interface Validator<Name extends string> {
  /**
   * What is wrong with a value of the named shape, in the model's order, at most MAX_ISSUES. Lengths of strings count
   * UTF-16 units, as AWS's Java does; a length is checked before a pattern, and one breach is told per value.
   */
  validate(shapeName: string, value: unknown): readonly Issue[];
  /**
   * @param input as `decodeInput` made it
   * @throws InvalidParameterException (ValidationException where the operation knows only that) with the first breach
   */
  assertValid(operation: Name, input: unknown): void;
}

/** More breaches than this are not looked for. */
export const MAX_ISSUES = 100;

interface Walk {
  readonly table: ServiceTable;
  readonly rules: ValidationRules;
  readonly issues: Issue[];
}

interface Place {
  readonly path: readonly (string | number)[];
  readonly field: string;
}

export function createValidator<Name extends string>(
  table: ServiceTable,
  rules: ValidationRules,
  refusals: { readonly parameter: (message: string) => EcrError; readonly validation: (message: string) => EcrError },
): Validator<Name> {
  const validate = (shapeName: string, value: unknown): readonly Issue[] => {
    const walk: Walk = { table, rules, issues: [] };
    check(walk, shapeName, value, { path: [], field: "" });
    return walk.issues;
  };
  return {
    validate,
    assertValid(operation, input) {
      const { input: shapeName, errors } = operationOf(table, operation);
      const [issue] = validate(shapeName, input);
      if (issue === undefined) return;
      const onlyValidation = errors.includes("ValidationException") && !errors.includes("InvalidParameterException");
      throw onlyValidation ? refusals.validation(issue.message) : refusals.parameter(issue.message);
    },
  };
}

function check(walk: Walk, shapeName: string, value: unknown, place: Place): void {
  if (walk.issues.length >= MAX_ISSUES) return;
  const shape: Shape = shapeOf(walk.table, shapeName);
  if (value === undefined || value === null) return report(walk, shapeName, place, "must not be null");
  if (typeof shape === "string") return checkScalar(walk, shapeName, value, place);
  if ("structure" in shape) return checkStructure(walk, shapeName, shape, { value, place });
  const size = "list" in shape ? sizeOfList(value) : Object.keys(value).length;
  const breach = size === undefined ? "must be a list" : sizeBreach(constraintOf(walk, shapeName), size);
  if (breach !== undefined) return report(walk, shapeName, place, breach);
  if ("list" in shape) return checkItems(walk, shape, value as readonly unknown[], place);
  return checkEntries(walk, shape, value as Readonly<Record<string, unknown>>, place);
}

function sizeOfList(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function checkStructure(
  walk: Walk,
  shapeName: string,
  shape: StructureShape,
  { value, place }: { value: unknown; place: Place },
): void {
  const source = value as Readonly<Record<string, unknown>>;
  for (const member of membersOf(shape)) {
    const given = source[member.name];
    const at = below(place, member.name, lowerFirst(member.name));
    if (given === undefined || given === null) {
      if (member.required) report(walk, member.shape, at, "must not be null");
      continue;
    }
    const before = walk.issues.length;
    check(walk, member.shape, given, at);
    const pattern = walk.rules.memberPatterns[`${shapeName}.${member.name}`];
    if (pattern === undefined || typeof given !== "string" || walk.issues.length > before) continue;
    if (!matches(pattern, given)) add(walk, at, `must satisfy regular expression '${pattern}'`);
  }
}

function checkItems(walk: Walk, shape: ListShape, items: readonly unknown[], place: Place): void {
  const plain = typeof shapeOf(walk.table, shape.list) === "string" && !(shape.list in walk.rules.shortWording);
  for (const [index, item] of items.entries()) {
    const at = { path: [...place.path, index], field: `${place.field}.${index + 1}.member` };
    if (!plain || item === undefined || item === null) {
      check(walk, shape.list, item, at);
      continue;
    }
    const breach = scalarBreach(walk, shape.list, item);
    // A bad item of a list of plain values is told at the list, with all that an item must satisfy.
    if (breach !== undefined) {
      const all = allConstraints(walk, shape.list).map((text) => `Member ${text}`);
      add(walk, { path: at.path, field: place.field }, `Member must satisfy constraint: [${all.join(", ")}]`);
    }
    if (walk.issues.length >= MAX_ISSUES) return;
  }
}

function checkEntries(walk: Walk, shape: MapShape, entries: Readonly<Record<string, unknown>>, place: Place): void {
  for (const [key, item] of Object.entries(entries)) {
    const at = { path: [...place.path, key], field: place.field };
    if (scalarBreach(walk, shape.key, key) !== undefined) {
      add(walk, at, `Map keys must satisfy constraint: [${allConstraints(walk, shape.key).join(", ")}]`);
    }
    check(walk, shape.map, item, { path: at.path, field: `${place.field}.${key}.member` });
  }
}

function checkScalar(walk: Walk, shapeName: string, value: unknown, place: Place): void {
  const breach = scalarBreach(walk, shapeName, value);
  if (breach !== undefined) report(walk, shapeName, place, breach);
}

/** The first constraint that the value breaks, without the word `Member`. */
function scalarBreach(walk: Walk, shapeName: string, value: unknown): string | undefined {
  const type = shapeOf(walk.table, shapeName) as Scalar;
  const constraint = constraintOf(walk, shapeName);
  if (value instanceof Uint8Array) return sizeBreach(constraint, value.length);
  if (typeof value === "number") return valueBreach(constraint, value);
  if (type !== "string") return undefined;
  if (typeof value !== "string") return "must be a string";
  if (constraint.enum !== undefined) return constraint.enum.includes(value) ? undefined : enumText(walk, shapeName);
  const tooLongOrShort = sizeBreach(constraint, value.length);
  if (tooLongOrShort !== undefined || constraint.pattern === undefined) return tooLongOrShort;
  const safe = walk.rules.safePatterns[shapeName] ?? constraint.pattern;
  return matches(safe, value) ? undefined : patternText(walk, shapeName);
}

function valueBreach({ min, max }: Constraint, value: number): string | undefined {
  if (min !== undefined && value < min) return `must have value greater than or equal to ${min}`;
  if (max !== undefined && value > max) return `must have value less than or equal to ${max}`;
  return undefined;
}

function sizeBreach({ min, max }: Constraint, size: number): string | undefined {
  if (min !== undefined && size < min) return `must have length greater than or equal to ${min}`;
  if (max !== undefined && size > max) return `must have length less than or equal to ${max}`;
  return undefined;
}

/** In the order of AWS's texts: longest, shortest, pattern. */
function allConstraints(walk: Walk, shapeName: string): readonly string[] {
  const { min, max, pattern, enum: values } = constraintOf(walk, shapeName);
  const texts: string[] = [];
  if (max !== undefined) texts.push(`must have length less than or equal to ${max}`);
  if (min !== undefined) texts.push(`must have length greater than or equal to ${min}`);
  if (pattern !== undefined) texts.push(patternText(walk, shapeName));
  if (values !== undefined) texts.push(enumText(walk, shapeName));
  return texts;
}

function patternText(walk: Walk, shapeName: string): string {
  const short = walk.rules.shortWording[shapeName];
  return short === undefined
    ? `must satisfy regular expression pattern: ${constraintOf(walk, shapeName).pattern ?? ""}`
    : `must satisfy regular expression '${short.pattern}'`;
}

function enumText(walk: Walk, shapeName: string): string {
  const values = walk.rules.printedEnums[shapeName] ?? constraintOf(walk, shapeName).enum ?? [];
  return `must satisfy enum value set: [${values.join(", ")}]`;
}

function report(walk: Walk, shapeName: string, place: Place, text: string): void {
  const short = walk.rules.shortWording[shapeName];
  if (short === undefined) add(walk, place, `Member ${text}`);
  else add(walk, { path: place.path, field: short.field }, text);
}

function add(walk: Walk, { path, field }: Place, constraint: string): void {
  const message = `Invalid parameter at '${field}' failed to satisfy constraint: '${constraint}'`;
  walk.issues.push({ path, field, constraint, message });
}

function below(place: Place, key: string, name: string): Place {
  return { path: [...place.path, key], field: place.field === "" ? name : `${place.field}.${name}` };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

const NO_CONSTRAINT: Constraint = {};

function constraintOf(walk: Walk, shapeName: string): Constraint {
  return walk.rules.constraints[shapeName] ?? NO_CONSTRAINT;
}

const compiled = new Map<string, RegExp>();

function matches(pattern: string, value: string): boolean {
  let whole = compiled.get(pattern);
  if (whole === undefined) {
    // Classes of Unicode need the flag; older patterns have escapes that it forbids.
    whole = new RegExp(`^(?:${pattern})$`, pattern.includes(String.raw`\p{`) ? "u" : "");
    compiled.set(pattern, whole);
  }
  return whole.test(value);
}
