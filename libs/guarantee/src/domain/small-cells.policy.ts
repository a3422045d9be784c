/** One cell of a published table: how many records stand behind it. */
export interface CountedCell {
  readonly count: number;
}

/**
 * Which cells of one published row may not be shown. A cell of fewer than `smallest` records is hidden (an empty one hides nobody);
 * where exactly one cell is hidden and the row's total is published, the smallest shown cell is hidden too, since the hidden
 * one would follow by subtraction.
 */
export function hiddenCells(cells: readonly CountedCell[], smallest: number, totalIsPublished = true): boolean[] {
  const hidden = cells.map(({ count }) => count > 0 && count < smallest);
  if (!totalIsPublished || hidden.filter(Boolean).length !== 1) return hidden;
  let second = -1;
  cells.forEach(({ count }, at) => {
    if (hidden[at] || count === 0) return;
    if (second === -1 || count < (cells[second] as CountedCell).count) second = at;
  });
  if (second !== -1) hidden[second] = true;
  return hidden;
}

/** True when so few records stand behind a figure that it would tell of single firms. */
export function isTooFew(count: number, smallest: number): boolean {
  return count > 0 && count < smallest;
}
