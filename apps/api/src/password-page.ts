import { escapeHtml as escape, type PrintedLanguage } from '#platform';
import { webPage } from './web-page.js';

const texts: Readonly<Record<PrintedLanguage, Readonly<Record<'title' | 'label' | 'set' | 'done', string>>>> = {
  en: {
    title: 'A new password',
    label: 'New password, at least 12 characters',
    set: 'Set the password',
    done: 'The password was set. Sign in with it.',
  },
  ar: {
    title: 'كلمة مرور جديدة',
    label: 'كلمة المرور الجديدة، 12 حرفًا على الأقل',
    set: 'تعيين كلمة المرور',
    done: 'تم تعيين كلمة المرور. سجّل الدخول بها.',
  },
  zh: {
    title: '设置新密码',
    label: '新密码，至少 12 个字符',
    set: '设置密码',
    done: '密码已设置，请用它登录。',
  },
};

/** Where the letter about a forgotten password leads until there is a portal. The token is behind the #, for the script only. */
export function passwordPage(language: PrintedLanguage): string {
  const { title, label, set, done } = texts[language];
  const main = `<h1>${title}</h1>
<form id="form" data-done="${escape(done)}">
<label>${label} <input id="password" type="password" autocomplete="new-password" minlength="12" required></label>
<button>${set}</button>
</form>
<p role="status" id="said"></p>`;
  return webPage({ language, title: `Sanad: ${title}`, main, script: '/reset-password.js' });
}

export const passwordScript = `// The key stays when another language is chosen.
for (const link of document.querySelectorAll('nav a')) link.href += location.hash;
document.getElementById('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = document.getElementById('said');
  const body = JSON.stringify({ token: location.hash.slice(1), newPassword: document.getElementById('password').value });
  const answer = await fetch('/v1/password-resets/redeem', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) {
    const problem = await answer.json();
    said.textContent = problem.title + ' ' + problem.next;
    return;
  }
  history.replaceState(null, '', location.pathname + location.search);
  const { done } = event.target.dataset;
  event.target.remove();
  said.textContent = done;
});
`;
