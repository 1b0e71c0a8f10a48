export { AdminClient, type AdminClientOptions } from "./admin-client.ts";
export { AdminMethods } from "./generated/admin-methods.ts";
