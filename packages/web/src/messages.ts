/**
 * The texts of the shell and of the parts that several pages use. Each page has its own `messages.ts` beside it.
 * To translate the portal, translate these files and set LANGUAGE and the `lang` of index.html.
 */

/** The language of the texts; their plurals follow it, not the language of numbers. */
const LANGUAGE = 'en';

/**
 * The language of numbers, dates and sorting, as `de-CH`. It changes with the settings: read it each time it is used,
 * and keep nothing that was made with it.
 */
export let LOCALE = LANGUAGE;

const plurals = new Intl.PluralRules(LANGUAGE);
let numbers = new Intl.NumberFormat(LOCALE);
let collator = new Intl.Collator(LOCALE, { numeric: true });

/** `locale`: one that the browser can format. What is on the page has to be rendered again. */
export function setLocale(locale: string): void {
  LOCALE = locale;
  numbers = new Intl.NumberFormat(locale);
  collator = new Intl.Collator(locale, { numeric: true });
}

/** Which of two texts comes first in the language of sorting, for `toSorted`; `b2` comes before `b10`. */
export function compareText(a: string, b: string): number {
  return collator.compare(a, b);
}

/** A number with its separators: 12,345. */
export function count(value: number): string {
  return numbers.format(value);
}

/** A number with its noun: `plural(3, 'entity', 'entities')` is "3 entities". */
export function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${plurals.select(value) === 'one' ? one : many}`;
}

export const messages = {
  pageTitle: (parts: readonly string[]) => parts.join(' · '),

  skipToContent: 'Skip to content',
  toFirstPage: ', to the first page',
  mainNavigation: 'Main',
  homePage: 'Home',
  catalog: 'Catalog',
  graph: 'Graph',
  images: 'Images',
  create: 'Create',
  health: 'Health',
  morePages: 'More pages',
  search: 'Search or jump to…',
  star: (name: string) => `Star ${name}`,
  unsaved: 'Your last change was not saved.',
  unsavedWhy: (message: string) => `The page shows again what the server has. ${message}`,
  close: 'Close',

  guestMenu: 'Menu',
  yourPage: 'Your page',
  profile: 'Profile',
  settings: 'Settings',
  shortcuts: 'Keyboard shortcuts',
  signOut: 'Sign out',

  shortcutsHere: 'On this page',
  shortcutsEverywhere: 'Everywhere',
  shortcutsNone: 'Single keys are turned off in the settings; those with Ctrl or ⌘ work.',
  goTo: (page: string) => `Go to ${page}`,
  openPalette: 'Search or jump to anything',
  openHelp: 'Show this list',
  keysThen: 'then',

  sessionEnded: 'Your session has ended.',
  signInAnswered: (message: string) => `The server said: ${message.replace(/[.]$/, '')}.`,
  sessionKept: 'What you typed is still here.',
  signInAgain: 'Sign in again',
  serverGone: 'The server cannot be reached.',
  serverGoneWaits: 'The portal tries again by itself; what you typed is still here.',
  partGone: 'A part of the portal could not be loaded. A newer version may have been installed.',
  signedOut: 'You are signed out',
  signedOutWhy: 'This browser has forgotten who you are.',
  signIn: 'Sign in',

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
  stillLoading: 'Still loading… The server takes its time.',
  justNow: 'just now',
  copy: 'Copy',
  copied: 'Copied',
  copyReference: 'Copy the reference',
  copyText: 'Copy the text',
  opensElsewhere: '(opens another site)',

  errorNetwork: 'The server cannot be reached. Check the connection, or whether the portal is running.',
  errorForbidden: 'You are not allowed to see this.',
  errorSession: 'Your session has ended. Sign in again at the top of the page; nothing is lost.',
  errorAnswer: 'Something came back that the portal cannot read.',
  errorCode: (code: string) => `Code: ${code}`,
  errorServer: 'The server failed to answer. Its log says why.',
} as const;
