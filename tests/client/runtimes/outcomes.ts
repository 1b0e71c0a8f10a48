/** What a call is rejected with; undefined when it is not. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** @throws Error which tells what was found, when it is not what was wanted */
export function same(found: unknown, wanted: unknown): true {
  const [has, wants] = [found, wanted].map((value) => JSON.stringify(value) ?? "undefined");
  if (has !== wants) throw new Error(`${has} instead of ${wants}`);
  return true;
}

/** Bytes are compared apart: millions of them are not to be told. */
export function sameBytes(found: Uint8Array, wanted: Uint8Array): true {
  same(found.length, wanted.length);
  const at = found.findIndex((byte, place) => byte !== wanted[place]);
  if (at >= 0) throw new Error(`Byte ${at} is another`);
  return true;
}

/** Fails unless the call is rejected with an error of this class, and these members. */
export async function refused(
  call: Promise<unknown>,
  kind: abstract new (...args: never[]) => Error,
  members: Readonly<Record<string, unknown>> = {},
): Promise<true> {
  const error = await failureOf(call);
  if (!(error instanceof kind)) throw new Error(`${kind.name} was expected, not ${String(error)}`);
  const entries = Object.keys(members).map((name) => [name, (error as Error & Record<string, unknown>)[name]]);
  return same(Object.fromEntries(entries), members);
}

export async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Chunks are copied as they come. */
export async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const copies: Uint8Array[] = [];
  for await (const chunk of chunks) copies.push(chunk.slice());
  const whole = new Uint8Array(copies.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const copy of copies) {
    whole.set(copy, at);
    at += copy.length;
  }
  return whole;
}
