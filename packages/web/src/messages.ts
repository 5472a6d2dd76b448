/**
 * The texts of the shell and of the parts that several pages use. Each page has its own `messages.ts` beside it.
 * To translate the portal, translate these files and set LOCALE and the `lang` of index.html.
 */

/** The language of numbers, dates and sorting. */
export const LOCALE = 'en';

const numbers = new Intl.NumberFormat(LOCALE);
const plurals = new Intl.PluralRules(LOCALE);

/** A number with its separators: 12,345. */
export function count(value: number): string {
  return numbers.format(value);
}

/** A number with its noun: `plural(3, 'entity', 'entities')` is "3 entities". */
export function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${plurals.select(value) === 'one' ? one : many}`;
}

export const messages = {
  product: 'Callboard',
  pageTitle: (parts: readonly string[]) => [...parts, 'Callboard'].join(' · '),

  skipToContent: 'Skip to content',
  home: 'Callboard, to the first page',
  mainNavigation: 'Main',
  homePage: 'Home',
  catalog: 'Catalog',
  graph: 'Graph',
  health: 'Health',
  star: (name: string) => `Star ${name}`,

  theme: 'Colour theme',
  themeLight: 'Light',
  themeDark: 'Dark',
  themeSystem: 'Follow the system',

  signedInAs: (user: string) => `Signed in as ${user}`,
  signInRefused: 'Nobody can sign in yet',
  signInRefusedWhy:
    'The server refused the guest sign-in, and no other way to sign in is set up. Guests are let in only while the portal runs for development, or when its configuration says so.',
  signInRefusedOperator: 'What the operator has to do',
  signInTry: 'To try the portal on your own machine, start it for development:',
  signInTryCommand: 'npm run dev',
  signInAllow: 'To let guests into a running portal, allow it in app-config.yaml and start the portal again:',
  signInConfig: `auth:
  providers:
    guest:
      dangerouslyAllowOutsideDevelopment: true`,
  signInConfigWarning: 'Everybody who can reach the portal can then read the catalog.',
  signInAnswer: (status: number, message: string) => `The server answered ${status}: ${message}`,
  unavailable: 'The server does not answer',
  unavailableWhy:
    'The portal was loaded, but its API cannot be reached. It may be starting; the portal tries again by itself.',
  cause: (message: string) => `Cause: ${message}`,
  retry: 'Try again',
  reload: 'Load the page again',
  crashed: 'This page failed',
  crashedWhy:
    'It could not be loaded or shown. The server may be away for a moment, or a new version of the portal was installed; loading the page again helps in both cases.',

  pageNotFound: 'There is no such page',
  pageNotFoundWhy: 'The address leads nowhere in this portal.',
  toCatalog: 'Go to the catalog',

  loading: 'Loading…',
  justNow: 'just now',
  copy: 'Copy',
  copied: 'Copied',
  copyReference: 'Copy the reference',
  copyText: 'Copy the text',
  opensElsewhere: '(opens another site)',

  errorNetwork: 'The server cannot be reached. Check the connection, or whether the portal is running.',
  errorForbidden: 'You are not allowed to see this.',
  errorServer: 'The server failed to answer. Its log says why.',
} as const;
