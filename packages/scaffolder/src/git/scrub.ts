/** Takes a login out of what git and remotes print, in all the forms that they could print it in. */
import type { GitLogin } from '@callboard/plugin';

const MASK = '***';

/** A password of less characters would be found everywhere. */
const SHORTEST = 4;

export function createScrubber(login: GitLogin | null): (text: string) => string {
  const forms = login === null ? [] : formsOf(login);
  return (text) => {
    const scrubbed = forms.reduce((rest, form) => rest.replaceAll(form, MASK), text);
    // Remotes may print addresses with logins of their own.
    return scrubbed.replaceAll(/(\bhttps?:\/\/)[^/\s@]+@/g, `$1${MASK}@`);
  };
}

function formsOf({ username, password }: GitLogin): string[] {
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const forms = [basic, password, encodeURIComponent(password), Buffer.from(password).toString('base64')];
  return [...new Set(forms)]
    .filter((form) => form.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
}
