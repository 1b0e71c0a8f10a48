import type { Sentences } from "../../../table/sentences.ts";
import { exceptions } from "./exceptions.ts";
import { members } from "./members.ts";
import { operations } from "./operations.ts";
import { shapes } from "./shapes.ts";
import { structures } from "./structures.ts";

export const ecrSentences: Sentences = { operations, exceptions, structures, members, shapes };
