/** Where the letter about a forgotten password leads until there is a portal. The token is behind the #, for the script only. */
export const passwordPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sanad: a new password</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff; }
label { display: block; } input, button { font: inherit; padding: .4rem .6rem; margin: .4rem 0; box-sizing: border-box; width: 100%; }
@media (prefers-color-scheme: dark) { body { background: #14171a; color: #e8eaed; } }
</style>
</head>
<body>
<main>
<h1>A new password</h1>
<form id="form">
<label>New password, at least 12 characters <input id="password" type="password" autocomplete="new-password" minlength="12" required></label>
<button>Set the password</button>
</form>
<p role="status" id="said"></p>
</main>
<script src="/reset-password.js"></script>
</body>
</html>
`;

export const passwordScript = `document.getElementById('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = document.getElementById('said');
  const body = JSON.stringify({ token: location.hash.slice(1), newPassword: document.getElementById('password').value });
  const answer = await fetch('/v1/password-resets/redeem', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) {
    const problem = await answer.json();
    said.textContent = problem.title + ' ' + problem.next;
    return;
  }
  history.replaceState(null, '', location.pathname);
  event.target.remove();
  said.textContent = 'The password was set. Sign in with it.';
});
`;
