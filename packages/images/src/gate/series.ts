/** How far a version jumps: to another major version, or out of its series. */

/** The first number from which versions are dates or years, as those of tzdata and ca-certificates, and no majors. */
const YEARS = 1900;

/** Epoch and first number differ; dates never do. */
export function isMajorJump(from: string, to: string): boolean {
  return differs(from, to, 1);
}

/** Epoch and the first two numbers differ, as 2.31 and 2.36. */
export function leavesSeries(from: string, to: string): boolean {
  return differs(from, to, 2);
}

function differs(from: string, to: string, count: number): boolean {
  const [before, after] = [numbersOf(from), numbersOf(to)];
  const areDates = Number(before.numbers[0] ?? 0) >= YEARS && Number(after.numbers[0] ?? 0) >= YEARS;
  if (before.epoch !== after.epoch) return true;
  if (areDates) return false;
  return before.numbers.slice(0, count).join('.') !== after.numbers.slice(0, count).join('.');
}

/** The dotted numbers a version begins with: 1.1.1n-0 → 1, 1, 1. */
function numbersOf(version: string): { readonly epoch: number; readonly numbers: readonly string[] } {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version) ?? [];
  const [dotted = ''] = /\d+(?:\.\d+)*/.exec(rest) ?? [];
  return {
    epoch: Number(epoch),
    numbers: dotted.split('.').map((digits) => digits.replace(/^0+(?=\d)/, '')),
  };
}
