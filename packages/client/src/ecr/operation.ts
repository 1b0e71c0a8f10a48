import type { OperationName } from "@stowage/model";
import type { CalledOperation, EcrConnection } from "./connection.ts";
import type { ErrorClasses } from "./error-answer.ts";
import type { CallOptions } from "./options.ts";

/** One operation as a function of its own. */
export interface Operation<I, O> extends CalledOperation {
  (connection: EcrConnection, input: I, options?: CallOptions): Promise<O>;
}

/** An operation that can be called with no input. */
export interface InputlessOperation<I, O> extends CalledOperation {
  (connection: EcrConnection, input?: I, options?: CallOptions): Promise<O>;
}

/** One operation as a method of a client. */
export type Method<I, O> = (input: I, options?: CallOptions) => Promise<O>;

/** A method that can be called with no input. */
export type InputlessMethod<I, O> = (input?: I, options?: CallOptions) => Promise<O>;

export function operation<I, O>(operationName: OperationName, errors: ErrorClasses): InputlessOperation<I, O> {
  const called: CalledOperation = { operationName, errors };
  // A server answers an operation with its own output shape.
  const call = (connection: EcrConnection, input?: I, options?: CallOptions): Promise<O> =>
    connection.call(called, input, options) as Promise<O>;
  return Object.assign(call, called);
}

export function bind<I, O>(connection: EcrConnection, called: InputlessOperation<I, O>): InputlessMethod<I, O>;
export function bind<I, O>(connection: EcrConnection, called: Operation<I, O>): Method<I, O>;
export function bind<I, O>(connection: EcrConnection, called: Operation<I, O>): Method<I, O> {
  return (input, options) => called(connection, input, options);
}
