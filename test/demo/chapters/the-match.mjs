import { until } from '../client.mjs';
import { chapter, check, checkEqual, tell } from '../teller.mjs';

/** Who is asked, and what they learn: the anonymous brief, never more. */
export async function theMatch(market, firm, request) {
  chapter('4. Every fitting institution is found; the first are asked');
  const { owner } = firm;
  const matches = () => owner.get(`/v1/requests/${request.id}/matches`);
  const ready = ({ items }) => items.length > 0 && items.filter(({ state }) => state === 'offered').length >= 8;
  const { count, items, wouldMatchMore } = await until('matching and the automatic offers', matches, ready);
  const asked = items.filter(({ state }) => state !== 'waiting');
  const waiting = items.filter(({ state }) => state === 'waiting');
  tell(
    `${count} institutions fit. The ${asked.length} best were asked; ${waiting.length} wait, so that nobody’s request is sprayed about.`,
  );
  checkEqual(
    `At most ${market.rules.invitedAtMost} are asked at once.`,
    asked.length,
    Math.min(count, market.rules.invitedAtMost),
  );
  const scores = items.map(({ score }) => score);
  check(
    'Each score is the sum of its parts, and the best fitting come first.',
    items.every(({ score, parts }) => Math.abs(Object.values(parts).reduce((a, b) => a + b, 0) - score) < 0.005) &&
      scores.every((score, n) => n === 0 || score <= scores[n - 1]),
  );
  tell(
    `What would make more fit: ${wouldMatchMore
      .slice(0, 3)
      .map(({ rule, mandates }) => `${rule.replaceAll('_', ' ')} (${mandates} mandates)`)
      .join(', ')}.`,
  );

  const outsider = market.institutions.find(({ id }) => !items.some(({ financier }) => financier.id === id));
  const stranger = await market.deskOf(outsider.id, 'maker');
  const hidden = await stranger.refusal('GET', `/v1/market/requests/${request.id}`);
  checkEqual(`${outsider.name} does not fit, and for it the request does not exist.`, hidden?.status, 404);

  const bank = items.find(({ financier }) => financier.name === 'Wadi Bank');
  const maker = await market.deskOf(bank.financier.id, 'maker');
  const brief = await maker.get(`/v1/market/requests/${request.id}`);
  check(
    `Wadi Bank reads a brief: a ${brief.sizeClass} firm of section ${brief.sector} in ${brief.region}, ${brief.ageBand.replaceAll('_', ' ')} years old. Not its name.`,
    brief.enterprise === null &&
      !JSON.stringify(brief).includes('Dawn Ceramics') &&
      !JSON.stringify(brief).includes(firm.organisationId),
  );

  const { id: questionId } = await maker.post(`/v1/market/requests/${request.id}/questions`, {
    text: 'Is the kiln insured from the day of delivery?',
  });
  await owner.post(`/v1/requests/${request.id}/questions/${questionId}/answer`, {
    answer: 'Yes, by the seller until it burns, then by us.',
  });
  const other = asked.find(({ financier }) => financier.name === 'Sahel Bank');
  const reader = await market.deskOf(other.financier.id, 'maker');
  const [question] = (await reader.get(`/v1/market/requests/${request.id}/questions`)).items;
  check(
    'Wadi Bank asks whether the kiln is insured. Hanan answers, and every bidder reads both, but not who asked.',
    question.answer?.startsWith('Yes') === true && !JSON.stringify(question).includes(bank.financier.id),
  );
  await decline(market, request, owner, asked, waiting);
}

/** A no with a reason lets the next one in. */
async function decline(market, request, owner, asked, waiting) {
  const silent = asked.find(({ state }) => state === 'invited') ?? asked.at(-1);
  const maker = await market.deskOf(silent.financier.id, 'maker');
  const reason = silent.state === 'invited' ? 'outside_appetite' : null;
  if (!reason || waiting.length === 0) return tell('Everybody who was asked has answered.');
  await maker.post(`/v1/market/requests/${request.id}/decline`, { reason });
  const { items } = await owner.get(`/v1/requests/${request.id}/matches`);
  const stateOf = (id) => items.find(({ financier }) => financier.id === id);
  checkEqual(
    `${silent.financier.name} says no (outside appetite).`,
    stateOf(silent.financier.id).declineReason,
    reason,
  );
  const next = waiting[0].financier;
  check(`At once the next in line, ${next.name}, is asked instead.`, stateOf(next.id).state !== 'waiting');
}
