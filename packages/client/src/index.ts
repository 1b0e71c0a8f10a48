export { AdminClient, type AdminClientOptions } from "./admin-client.ts";
export type { Http, HttpReply, HttpRequest } from "./http.ts";
