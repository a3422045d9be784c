import { escapeHtml as escape, type PrintedLanguage } from '#platform';
import type { DemoLogin } from '../../../config/demonstration.js';
import { webPage } from './web-page.js';

interface HomeTexts {
  readonly about: string;
  readonly links: Readonly<Record<'reference' | 'document' | 'rules' | 'institutions', string>>;
  readonly people: string;
  readonly choose: string;
  readonly password: string;
  readonly secondFactor: string;
  readonly columns: readonly [role: string, organisation: string, email: string, toTry: string];
  readonly signIn: string;
}

const texts: Readonly<Record<PrintedLanguage, HomeTexts>> = {
  en: {
    about:
      'A financing marketplace for small firms: one request, a review within three working days, offers that compete and can be compared.',
    links: {
      reference: 'API reference with “try it”',
      document: 'OpenAPI document',
      rules: 'rules of this market',
      institutions: 'institutions',
    },
    people: 'Demonstration people',
    choose: 'Choose who to be; then try the routes in the reference.',
    password: 'One password for all:',
    secondFactor: 'Codes of the second factor come from the secrets of',
    columns: ['Role', 'Organisation', 'E-mail', 'What to try'],
    signIn: 'Sign in',
  },
  ar: {
    about: 'سوق تمويل للمنشآت الصغيرة: طلب واحد، ومراجعة خلال ثلاثة أيام عمل، وعروض تتنافس ويمكن مقارنتها.',
    links: {
      reference: 'مرجع الواجهة البرمجية مع التجربة المباشرة',
      document: 'وثيقة OpenAPI',
      rules: 'قواعد هذا السوق',
      institutions: 'الجهات الممولة',
    },
    people: 'أشخاص السوق التجريبي',
    choose: 'اختر من تكون، ثم جرّب المسارات في المرجع.',
    password: 'كلمة مرور واحدة للجميع:',
    secondFactor: 'رموز العامل الثاني تُشتق من الأسرار في',
    columns: ['الدور', 'الجهة', 'البريد الإلكتروني', 'ما يمكن تجربته'],
    signIn: 'تسجيل الدخول',
  },
  zh: {
    about: '面向小企业的融资市场：一次申请，三个工作日内审核，多家报价竞争且可相互比较。',
    links: {
      reference: 'API 参考（可直接试用）',
      document: 'OpenAPI 文档',
      rules: '本市场规则',
      institutions: '金融机构',
    },
    people: '演示人员',
    choose: '选择一个身份，然后在参考页面中试用各接口。',
    password: '所有人使用同一密码：',
    secondFactor: '第二因素验证码由此处的密钥生成：',
    columns: ['角色', '机构', '电子邮箱', '可以尝试'],
    signIn: '登录',
  },
};

/** What the root address shows until there is a portal: what this is, the reference, and a button for each demonstration person. */
export function homePage(language: PrintedLanguage, logins: readonly DemoLogin[]): string {
  const { about, links, people, choose, password, secondFactor, columns, signIn } = texts[language];
  const rows = logins.map(
    ({ role, organisation, email, password: secret, whatToTry }) =>
      `<tr><th scope="row">${escape(role[language])}</th><td><bdi>${escape(organisation)}</bdi></td><td><code><bdi>${escape(email)}</bdi></code></td>` +
      `<td>${routesApart(escape(whatToTry[language]))}</td>` +
      `<td><button type="button" data-email="${escape(email)}" data-password="${escape(secret)}">${signIn}</button></td></tr>`,
  );
  const demonstration = `<h2>${people}</h2>
<p>${choose} ${password} <code>${escape(logins[0]?.password ?? '')}</code>. ${secondFactor} <a href="/v1/demo/logins"><bdi>/v1/demo/logins</bdi></a>.</p>
<p role="status" id="said"></p>
<div class="wide"><table><thead><tr>${columns.map((name) => `<th>${name}</th>`).join('')}<th></th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`;
  const main = `<h1>Sanad</h1>
<p>${about}</p>
<p><a href="/reference">${links.reference}</a> · <a href="/v1/openapi.json">${links.document}</a> · <a href="/v1/market/rules">${links.rules}</a> · <a href="/v1/institutions">${links.institutions}</a></p>
${logins.length === 0 ? '' : demonstration}`;
  return webPage({ language, title: 'Sanad', main, script: '/home.js' });
}

/** Routes are read from left to right in every language. */
function routesApart(html: string): string {
  return html.replaceAll(
    /(?:(?:GET|POST|PATCH) )?\/v1\/[\w/?=&{}-]+/g,
    (route) => `<bdi dir="ltr"><code>${route}</code></bdi>`,
  );
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
