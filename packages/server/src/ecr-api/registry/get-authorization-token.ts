import { isRegistryId } from "@stowage/model";
import type { Addresses } from "../../auth/addresses.ts";
import { authorizationToken, type Tokens } from "../../auth/tokens.ts";
import type { Operation } from "../operation.ts";

/** One entry for each registry that is asked for, else one for the caller's own. */
export const getAuthorizationToken =
  (tokens: Tokens, addresses: Addresses): Operation<"GetAuthorizationToken"> =>
  (input, call) => {
    const { region, registryId } = call.registry;
    const asked = (input.registryIds ?? [registryId]).filter(isRegistryId);
    const authorizationData = asked.map((id) => {
      const key = { registryId: id, region };
      const { password, expiresAt } = tokens.mint(call, key);
      const proxyEndpoint = addresses.proxyEndpoint(key, call.host, call.secure);
      return { authorizationToken: authorizationToken(password), expiresAt, proxyEndpoint };
    });
    return Promise.resolve({ authorizationData });
  };
