/** A body is longer than its reader takes; doors answer 413 in their own shape. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`the body is longer than ${limitBytes} bytes`);
    this.limitBytes = limitBytes;
  }
}

/** The client sent too little of its body for too long; doors answer 408. */
export class BodyTimeout extends Error {
  override readonly name = "BodyTimeout";

  constructor(idleMs: number) {
    super(`the body made no progress within ${idleMs} ms`);
  }
}

/** The connection ended before the request or its reply was complete; nobody is left to answer. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";

  constructor() {
    super("the client closed the connection");
  }
}
