import { agreementLifecycle } from './agreement.lifecycle.js';
import { applicationLifecycle } from './application.lifecycle.js';
import { claimLifecycle } from './claim.lifecycle.js';
import { guaranteeLifecycle } from './guarantee.lifecycle.js';
import { accreditationLifecycle, motionLifecycle, schemeLifecycle } from './scheme.lifecycle.js';

/** The words of the domain's description, in its order; a life cycle may have no other state. */
const described = {
  guarantee_application: 'draft submitted in_review information_requested approved declined',
  guarantee: 'offered issued in_force released lapsed claimed',
  guarantee_claim: 'notified in_review information_requested approved partial denied paid recovering closed appeal',
};

describe('life cycles of guarantees', () => {
  it.each([applicationLifecycle, guaranteeLifecycle, claimLifecycle])(
    '$table.name has the states of its description',
    ({ table }) => {
      expect(Object.keys(table.states).sort()).toEqual(
        described[table.name as keyof typeof described].split(' ').sort(),
      );
    },
  );

  it('a guarantee in default or claimed cannot lapse, and a released one never comes back', () => {
    expect(() => guaranteeLifecycle.after('claimed', 'lapse', 'clock')).toThrow();
    expect(guaranteeLifecycle.ends().sort()).toEqual(['lapsed', 'released']);
  });

  it('only the market or the lender turns a letter into a guarantee', () => {
    expect(() => guaranteeLifecycle.after('offered', 'issue', 'guarantor')).toThrow();
    expect(guaranteeLifecycle.after('offered', 'issue', 'market')).toBe('issued');
  });

  it('a maker neither opens a scheme nor accredits nor puts an agreement in force', () => {
    expect(schemeLifecycle.open('suspended', 'board')).toEqual(['resume', 'close']);
    expect(accreditationLifecycle.open('proposed', 'maker')).toEqual([]);
    expect(agreementLifecycle.open('proposed', 'checker')).toEqual(['approve', 'end']);
    expect(motionLifecycle.open('carried', 'board')).toEqual([]);
  });
});
