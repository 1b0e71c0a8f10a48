const SECRET_PARAMETERS = new Set([
  "x-amz-signature",
  "x-amz-security-token",
  "_state",
  "token",
  "access_token",
  "refresh_token",
  "password",
  "signature",
]);

function isSecret(encodedName: string): boolean {
  let name = encodedName;
  try {
    name = decodeURIComponent(encodedName);
  } catch {
    // A name that does not decode is compared as it stands.
  }
  return SECRET_PARAMETERS.has(name.toLowerCase());
}

/** The target as logs may hold it: values of query parameters that grant something are replaced by `***`. */
export function redactTarget(target: string): string {
  const queryAt = target.indexOf("?");
  if (queryAt === -1) return target;
  const query = target.slice(queryAt + 1).replace(/([^=&]+)=[^&]*/g, (pair, name: string) => {
    return isSecret(name) ? `${name}=***` : pair;
  });
  return `${target.slice(0, queryAt + 1)}${query}`;
}
