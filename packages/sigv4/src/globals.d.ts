// The one global that signing needs: it does no I/O and exists in every runtime that Stowage supports.
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
