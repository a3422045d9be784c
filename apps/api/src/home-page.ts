import type { DemoLogin } from '../../../config/demonstration.js';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What the root address shows until there is a portal: what this is, the reference, and a button for each demonstration person. */
export function homePage(logins: readonly DemoLogin[]): string {
  const rows = logins
    .map(
      ({ role, organisation, email, password, whatToTry }) =>
        `<tr><th scope="row">${escape(role)}</th><td>${escape(organisation)}</td><td><code>${escape(email)}</code></td><td>${escape(whatToTry)}</td>` +
        `<td><button type="button" data-email="${escape(email)}" data-password="${escape(password)}">Sign in</button></td></tr>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sanad</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: start; padding: .4rem .6rem; border-bottom: 1px solid #ccd2d9; vertical-align: top; }
button { font: inherit; padding: .3rem .8rem; white-space: nowrap; } .wide { overflow-x: auto; }
@media (prefers-color-scheme: dark) { body { background: #14171a; color: #e8eaed; } a { color: #8ab4f8; } }
</style>
</head>
<body>
<main>
<h1>Sanad</h1>
<p>A financing marketplace for small firms: one request, a review within three working days, offers that compete and can be compared.</p>
<p><a href="/reference">API reference with “try it”</a> · <a href="/v1/openapi.json">OpenAPI document</a> · <a href="/v1/market/rules">rules of this market</a> · <a href="/v1/institutions">institutions</a></p>
${
  logins.length === 0
    ? ''
    : `<h2>Demonstration people</h2>
<p>Choose who to be; then try the routes in the reference. One password for all: <code>${escape(logins[0]?.password ?? '')}</code>. Codes of the second factor come from the secrets of <a href="/v1/demo/logins">/v1/demo/logins</a>.</p>
<p role="status" id="said"></p>
<div class="wide"><table><thead><tr><th>Role</th><th>Organisation</th><th>E-mail</th><th>What to try</th><th></th></tr></thead><tbody>
${rows}
</tbody></table></div>`
}
</main>
<script src="/home.js"></script>
</body>
</html>
`;
}

/** Its script, at an address of its own: the page allows none inside itself. */
export const homeScript = `for (const button of document.querySelectorAll('button[data-email]')) {
  button.addEventListener('click', async () => {
    const { email, password } = button.dataset;
    const answer = await fetch('/v1/sessions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password }) });
    if (answer.ok) location.href = '/reference';
    else document.getElementById('said').textContent = (await answer.json()).detail;
  });
}
`;
