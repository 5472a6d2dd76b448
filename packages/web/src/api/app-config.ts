/**
 * The part of the configuration that the server writes into the page: `[{context, data}]` in the element
 * `<script type="backstage.io/config">`, with Backstage's keys. It is read once; whatever makes no sense is left out.
 * The tenant's colours are read by public/theme.js.
 */
import { createContext, useContext } from 'react';
import { isObject } from '@callboard/model';
import { listIn, objectIn, textIn } from './entity.ts';
import { safeUrl } from '../parts/safe-url.ts';

export interface SupportLink {
  readonly title: string;
  readonly url: string;
}

/** A picture for each theme; both are the same when the configuration names one. Null: the portal's own. */
export interface Logo {
  readonly light: string | null;
  readonly dark: string | null;
}

export interface AppConfig {
  /** Default: `Callboard`. */
  readonly title: string;
  /** Default: the address of the page, as `https://portal.example`. */
  readonly baseUrl: string;
  /** `backend.baseUrl`, where the API is. Default: the address of the page. */
  readonly apiUrl: string;
  /** `organization.name` */
  readonly organization: string | null;
  /** `app.branding.fullLogo`: a picture with the name in it. */
  readonly fullLogo: Logo | null;
  /** A length of CSS, as `110px`. */
  readonly fullLogoWidth: string | null;
  /** `app.branding.iconLogo`: a small square one. */
  readonly iconLogo: Logo | null;
  /** Of `app.support`: where to get help. */
  readonly support: readonly SupportLink[];
}

const DEFAULT_TITLE = 'Callboard';
const DEFAULT_SUPPORT = 'Get support';

const AppConfigContext = createContext<AppConfig>(toAppConfig({}, ''));

export const AppConfigProvider = AppConfigContext.Provider;

export function useAppConfig(): AppConfig {
  return useContext(AppConfigContext);
}

/** `text`: of the element, null without one. `origin`: of the page. */
export function parseAppConfig(text: string | null, origin: string): AppConfig {
  let merged: Readonly<Record<string, unknown>> = {};
  for (const context of contextsIn(text)) merged = merge(merged, objectIn(context, 'data'));
  return toAppConfig(merged, origin);
}

function contextsIn(text: string | null): readonly unknown[] {
  try {
    const contexts: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(contexts) ? contexts : [];
  } catch {
    return [];
  }
}

/** Of several contexts the later ones win, key by key. */
function merge(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(after)) {
    const old = merged[key];
    merged[key] = isObject(old) && isObject(value) ? merge(old, value) : value;
  }
  return merged;
}

function toAppConfig(config: unknown, origin: string): AppConfig {
  const app = objectIn(config, 'app');
  const branding = objectIn(app, 'branding');
  return {
    title: textIn(app, 'title') ?? DEFAULT_TITLE,
    baseUrl: toBaseUrl(textIn(app, 'baseUrl'), origin),
    apiUrl: toBaseUrl(textIn(objectIn(config, 'backend'), 'baseUrl'), origin),
    organization: textIn(objectIn(config, 'organization'), 'name'),
    fullLogo: toLogo(branding['fullLogo']),
    fullLogoWidth: toWidth(branding['fullLogoWidth']),
    iconLogo: toLogo(branding['iconLogo']),
    support: toSupport(objectIn(app, 'support')),
  };
}

function toBaseUrl(text: string | null, origin: string): string {
  return (safeUrl(text) ?? origin).replace(/\/+$/, '');
}

/** A picture, or `{light, dark}`. */
function toLogo(value: unknown): Logo | null {
  const light = picture(isObject(value) ? value['light'] : value);
  const dark = picture(isObject(value) ? value['dark'] : value);
  return light === null && dark === null ? null : { light, dark };
}

/** What the Content Security Policy lets be shown: a picture in the text, on this host, or by https. */
export function picture(value: unknown): string | null {
  return typeof value === 'string' && /^(?:data:image\/|https:\/\/|\/(?!\/))/i.test(value) ? value : null;
}

/** `120`, `120px`, `8rem`. */
function toWidth(value: unknown): string | null {
  const [, amount, unit = 'px'] =
    /^(\d{1,4}(?:\.\d{1,3})?)(px|em|rem|%)?$/.exec(typeof value === 'number' ? `${value}` : textOr(value)) ??
    [];
  return Number(amount) > 0 ? `${amount}${unit}` : null;
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `{url, items: [{title, links: [{title, url}]}]}`. An address that is not http, https or mailto is left out. */
function toSupport(support: Readonly<Record<string, unknown>>): readonly SupportLink[] {
  const links = [
    { title: DEFAULT_SUPPORT, url: textIn(support, 'url') },
    ...listIn(support, 'items').flatMap((item) =>
      listIn(item, 'links').map((link) => ({
        title: textIn(link, 'title') ?? textIn(item, 'title'),
        url: textIn(link, 'url'),
      })),
    ),
  ];
  const found = new Map<string, SupportLink>();
  for (const link of links) {
    const url = safeUrl(link.url);
    if (url !== null && !found.has(url)) found.set(url, { title: link.title ?? url, url });
  }
  return [...found.values()];
}
