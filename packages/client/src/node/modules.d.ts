// What of Node the client uses; Bun and Deno have the same.
declare module "node:crypto" {
  interface Digester {
    update(data: Uint8Array | string): Digester;
    digest(): Uint8Array;
  }
  export function createHash(algorithm: "sha256"): Digester;
  export function createHmac(algorithm: "sha256", key: Uint8Array): Digester;
  export const webcrypto: {
    readonly subtle: { digest(algorithm: "SHA-256", data: Uint8Array): Promise<ArrayBuffer> };
  };
}
declare module "node:fs/promises" {
  export function readFile(path: string, encoding: "utf8"): Promise<string>;
}
declare module "node:os" {
  export function homedir(): string;
}
declare module "node:process" {
  export const env: Readonly<Record<string, string | undefined>>;
}
declare module "node:timers" {
  export function setTimeout(run: () => void, ms: number): object;
  export function clearTimeout(timer: object): void;
}
