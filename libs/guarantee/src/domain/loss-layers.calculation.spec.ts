import * as fc from 'fast-check';
import { type Layer, layerFaults, shareLoss, shareRecovery } from './loss-layers.calculation.js';

const layer = (organisationId: string, share: bigint): Layer => ({
  kind: organisationId === 'scheme' ? 'scheme' : 'region',
  organisationId,
  share,
});

describe('layers of a loss', () => {
  // Anhui's "4321" model of policy guarantees: guarantor 40 %, provincial re-guarantor 30 %, bank 20 %, local government 10 % of each loss.
  it('share 1,000,000 by Anhui’s 4 : 3 : 2 : 1', () => {
    const layers = [layer('scheme', 500_000n), layer('province', 375_000n), layer('city', 125_000n)];
    expect(layerFaults(layers)).toEqual([]);
    expect(shareLoss(1_000_000n, 800_000n, 'bank', layers).map(({ borneMinor }) => borneMinor)).toEqual([
      400_000n,
      300_000n,
      100_000n,
      200_000n,
    ]);
  });

  // Japan: the finance corporation's credit insurance pays 70, 80 or 90 % of the principal that a guarantee corporation paid, and gets
  // the same share of what is recovered (中小企業信用保険法 arts. 3, 8).
  it('bill Japan’s insurer 80 % of a payment and give back 80 % of a recovery', () => {
    const layers = [layer('scheme', 200_000n), layer('jfc', 800_000n)];
    const [corporation, insurer] = shareLoss(8_000_000n, 8_000_000n, 'bank', layers).map((each) => each.borneMinor);
    expect([corporation, insurer]).toEqual([1_600_000n, 6_400_000n]);
    const open = [corporation, insurer].map((borne) => ({ borneMinor: borne as bigint, recoveredMinor: 0n }));
    expect(shareRecovery(500_000n, open).parts).toEqual([100_000n, 400_000n]);
  });

  // SBA SOP 50 57 (7(a) servicing and liquidation): recoveries are shared by the percentage of the loan that lender and SBA own.
  it('share a recovery of 10,000 by 75 : 25 between SBA and lender', () => {
    const open = shareLoss(100_000_00n, 75_000_00n, 'lender', [layer('scheme', 1_000_000n)]);
    expect(
      shareRecovery(
        10_000_00n,
        open.map((each) => ({ ...each, recoveredMinor: 0n })),
      ).parts,
    ).toEqual([7_500_00n, 2_500_00n]);
  });

  it('name what is wrong with an agreement', () => {
    expect(layerFaults([layer('scheme', 999_999n)])).toEqual(['the shares must add up to 100 % of the claim']);
    expect(layerFaults([layer('a', 500_000n), layer('a', 500_000n)])).toHaveLength(2);
    expect(layerFaults([layer('scheme', 1_000_000n), layer('a', 0n)])).toEqual(['every share must be above zero']);
  });

  const amounts = fc.bigInt({ min: 0n, max: 10n ** 15n });
  const ratios = fc.array(fc.bigInt({ min: 1n, max: 1_000_000n }), { minLength: 1, maxLength: 6 });

  it('add up to every loss, for any ratios', () => {
    fc.assert(
      fc.property(amounts, amounts, ratios, (a, b, weights) => {
        const [paid, loss] = a < b ? [a, b] : [b, a];
        const shares = shareLoss(
          loss,
          paid,
          'bank',
          weights.map((weight, at) => layer(`r${at}`, weight)),
        );
        expect(shares.reduce((sum, { borneMinor }) => sum + borneMinor, 0n)).toBe(loss);
      }),
    );
  });

  it('give nobody back more than it bore, and all of it when all came back', () => {
    fc.assert(
      fc.property(
        fc.array(amounts, { minLength: 1, maxLength: 5 }),
        fc.array(amounts, { maxLength: 8 }),
        (borne, recoveries) => {
          const open = borne.map((borneMinor) => ({ borneMinor, recoveredMinor: 0n }));
          const total = borne.reduce((sum, each) => sum + each, 0n);
          let left = total;
          for (const net of [...recoveries, total]) {
            const { parts, surplusMinor } = shareRecovery(net, open);
            parts.forEach((part, at) => ((open[at] as { recoveredMinor: bigint }).recoveredMinor += part));
            expect(open.every((each) => each.recoveredMinor <= each.borneMinor)).toBe(true);
            expect(surplusMinor).toBe(net > left ? net - left : 0n);
            left -= net - surplusMinor;
          }
          expect(open.every((each) => each.recoveredMinor === each.borneMinor)).toBe(true);
        },
      ),
    );
  });
});
