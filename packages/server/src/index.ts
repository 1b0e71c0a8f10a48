export { start, type RunningServer, type StartOptions } from "./start.ts";
