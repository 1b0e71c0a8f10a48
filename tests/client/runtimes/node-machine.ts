import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folder, openFile } from "@stowage/client";
import type { OpenedFile } from "@stowage/client";
import type { Machine } from "./machine.ts";

/** Node, Bun and Deno, with the folder that they may write to. */
export function nodeMachine(place: string): Machine {
  const opened: OpenedFile[] = [];
  return {
    folder: async () => folder(await mkdtemp(join(place, "folder-"))),
    file: async (chunks) => {
      const path = join(await mkdtemp(join(place, "file-")), "file");
      await writeFile(path, chunks);
      const file = await openFile(path);
      opened.push(file);
      return file;
    },
    close: async () => {
      for (const file of opened) await file.close();
    },
  };
}
