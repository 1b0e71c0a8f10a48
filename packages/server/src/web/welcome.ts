import { hostOf } from "../auth/addresses.ts";
import type { Handler } from "../transport/transport.ts";

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What a browser sees at `/`: where it is, and how a client logs in. It tells nothing that is not public. */
export function welcome(): Handler {
  return ({ headers, peer }) => ({
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
    body: page(hostOf(headers), peer.secure ? "https" : "http"),
  });
}

function page(host: string, scheme: string): string {
  const name = escape(host);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stowage</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #16191f; }
pre { background: #f2f3f3; padding: 1rem; overflow-x: auto; }
@media (prefers-color-scheme: dark) { body { background: #16191f; color: #eaeded; } pre { background: #232f3e; } }
</style>
</head>
<body>
<h1>Stowage</h1>
<p>This is a container registry that speaks the Amazon ECR API and the OCI registry protocol at
<code>${scheme}://${name}</code>.</p>
<h2>Log in</h2>
<p>On the machine that runs it, set up AWS clients in a shell, then hand docker a token:</p>
<pre>eval "$(stowage env)"
aws ecr get-login-password | docker login --username AWS --password-stdin ${name}</pre>
<h2>Push an image</h2>
<pre>aws ecr create-repository --repository-name app
docker tag app ${name}/app:1.0
docker push ${name}/app:1.0</pre>
<p>Health: <a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a>.</p>
</body>
</html>
`;
}

/** A host was checked to hold none of these; a page escapes what it shows all the same. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
