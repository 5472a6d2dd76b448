/** Which accounts a person may use. */
import type { OptionsUser } from '@callboard/plugin';
import type { Account } from './account.ts';
import type { AccessRule } from './config.ts';

/**
 * An account that no rule names is for everybody. One that is named (by its own `allow`, or by patterns of `aws.access`) is for
 * those whom at least one of its rules allows.
 */
export function mayUse(
  user: OptionsUser,
  account: Pick<Account, 'id' | 'name' | 'allow'>,
  rules: readonly AccessRule[],
): boolean {
  const lists = rules.filter((rule) => rule.accounts.some((pattern) => covers(pattern, account)));
  const allowed = [...(account.allow === null ? [] : [account.allow]), ...lists.map(({ allow }) => allow)];
  if (allowed.length === 0) return true;
  const refs = new Set(
    [...(user.ref === null ? [] : [user.ref]), ...user.groups].map((ref) => ref.toLowerCase()),
  );
  return allowed.some((list) => list.some((ref) => refs.has(ref)));
}

function covers(pattern: string, { id, name }: { readonly id: string; readonly name: string }): boolean {
  return (
    matchesPattern(pattern.toLowerCase(), id) || matchesPattern(pattern.toLowerCase(), name.toLowerCase())
  );
}

/** `*` stands for any text, all else for itself. */
function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return pattern === text;
  const last = parts.at(-1) ?? '';
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  // The leftmost place of each part leaves the most for those after it.
  let from = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at === -1 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
