/** The people of the demonstration market by whom a visitor can sign in; only a sandbox knows them. */
export interface DemoLogin {
  readonly role: string;
  readonly organisation: string;
  readonly email: string;
  readonly password: string;
  readonly whatToTry: string;
}

/** One password for all of them: it protects nothing but made-up data. */
export const demoPassword = 'riyadh-market-day';

const login = (role: string, organisation: string, email: string, whatToTry: string): DemoLogin => ({
  role,
  organisation,
  email,
  password: demoPassword,
  whatToTry,
});

export const demoLogins: readonly DemoLogin[] = [
  login(
    'SME signatory',
    'Najd Glass Works',
    'owner@najd-glass.example',
    'GET /v1/requests, then the comparison of the request that is open',
  ),
  login('bank maker', 'Wadi Bank', 'maker@wadi-bank.example', 'GET /v1/market/requests and make an offer'),
  login(
    'bank checker',
    'Wadi Bank',
    'checker@wadi-bank.example',
    'approve offers above the maker’s limit, auto-bid rules and limits',
  ),
  login('reviewer', 'SME Authority', 'reviewer1@authority.example', 'GET /v1/review-cases: the queue by time left'),
  login(
    'review lead',
    'SME Authority',
    'lead@authority.example',
    'GET /v1/review-workload; edit the business calendar',
  ),
  login('registry officer', 'SME Authority', 'registry@authority.example', 'registry of organisations'),
  login(
    'anchor maker',
    'Gulf Retail Group',
    'maker@gulf-retail.example',
    'GET /v1/receivables?state=submitted, then propose to confirm them',
  ),
  login(
    'anchor checker',
    'Gulf Retail Group',
    'checker@gulf-retail.example',
    'GET /v1/receivable-proposals and approve what the maker proposed',
  ),
  login(
    'supplier',
    'Najd Glass Works',
    'owner@najd-glass.example',
    'GET /v1/certificates, offer one with POST /v1/receivable-requests, compare the bids of those that closed',
  ),
  login(
    'supply chain financier',
    'Silsila Supply Chain',
    'maker@silsila-capital.example',
    'GET /v1/market/requests?product=invoice_discounting and bid a discount rate in the market’s hours',
  ),
  login(
    'guarantor maker',
    'National Guarantee Fund',
    'maker@guarantee-fund.example',
    'GET /v1/guarantees and /v1/guarantee-claims; prepare a decision on an application',
  ),
  login(
    'guarantor checker',
    'National Guarantee Fund',
    'checker@guarantee-fund.example',
    'approve what the maker prepared, within the limit of 5,000,000',
  ),
  login(
    'board member',
    'National Guarantee Fund',
    'board1@guarantee-fund.example',
    'the scheme’s capacity and governance (GET /v1/public/guarantee-schemes lists it); vote on motions',
  ),
  login(
    'supervisor',
    'Central Supervisor',
    'reader@supervisor.example',
    'reads review cases and figures, changes nothing',
  ),
];
