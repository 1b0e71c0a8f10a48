/** The standard globals that do no I/O and exist in every runtime this package runs on; nothing else may be used. */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  decode(bytes?: Uint8Array): string;
}
