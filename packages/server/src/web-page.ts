/**
 * The page with the configuration in it, as Backstage's frontends look for it: a data block that browsers do not
 * run, so that no inline script has to be allowed. It is put together and compressed when it is first asked for,
 * and again after the configuration changed.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { WebSettings } from './web-config.ts';

export type Encoding = 'br' | 'gzip' | 'identity';

export interface PageVariant {
  /** Strong: it names these very bytes. */
  readonly etag: string;
  readonly encoding: Encoding;
  readonly body: Buffer;
}

export interface Page {
  /** The page for what a browser accepts, `accept-encoding`. */
  variant(accepted: string | undefined): Promise<PageVariant>;
  /** What is asked for from now on has these settings in it. */
  reconfigure(settings: WebSettings): void;
}

const COMPRESSED = { br: promisify(brotliCompress), gzip: promisify(gzip) };

/** `file`: the built page. It is read once. */
export function createPage(file: string, settings: WebSettings): Page {
  let source: Promise<string> | null = null;
  let current = settings;
  let variants = new Map<Encoding, Promise<PageVariant>>();

  const readOnce = async (): Promise<string> => {
    source ??= readFile(file, 'utf8');
    try {
      return await source;
    } catch (error) {
      source = null;
      throw error;
    }
  };

  const make = async (encoding: Encoding, settingsNow: WebSettings): Promise<PageVariant> => {
    const plain = Buffer.from(injectConfig(await readOnce(), settingsNow));
    const body = encoding === 'identity' ? plain : await COMPRESSED[encoding](plain);
    const digest = createHash('sha256').update(plain).digest('base64url').slice(0, 16);
    return { etag: `"${digest}-${encoding}"`, encoding, body };
  };

  return {
    variant: (accepted) => {
      const encoding = chooseEncoding(accepted);
      const known = variants.get(encoding);
      if (known !== undefined) return known;
      const made = make(encoding, current);
      const into = variants;
      into.set(encoding, made);
      // What failed is tried again by the next who asks.
      made.catch(() => into.delete(encoding));
      return made;
    },
    reconfigure: (next) => {
      current = next;
      variants = new Map();
    },
  };
}

/** The smallest encoding that is accepted; identity when none is named, as RFC 9110 12.5.3 has it. */
export function chooseEncoding(accepted: string | undefined): Encoding {
  const qualities = new Map<string, number>();
  for (const part of (accepted ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    qualities.set(name, Number.isFinite(quality) ? quality : 0);
  }
  const qualityOf = (name: string): number => qualities.get(name) ?? qualities.get('*') ?? 0;
  const [br, gz] = [qualityOf('br'), qualityOf('gzip')];
  if (br > 0 && br >= gz) return 'br';
  return gz > 0 ? 'gzip' : 'identity';
}

/** Whether an `if-none-match` names an etag. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === '*' || one === etag);
}

const BLOCK = /<script type="backstage\.io\/config">[\s\S]*?<\/script>/;
const TITLE = /<title>[\s\S]*?<\/title>/i;

/**
 * Puts title and configuration into a page: where it has a block for it, else before the script that sets the
 * theme, else at the end of the head.
 */
export function injectConfig(html: string, { title, config }: WebSettings): string {
  const text = escapeScript(JSON.stringify([{ context: 'app', data: config }]));
  const block = `<script type="backstage.io/config">${text}</script>`;
  const titled = title === null ? html : html.replace(TITLE, () => `<title>${escapeHtml(title)}</title>`);
  if (BLOCK.test(titled)) return titled.replace(BLOCK, () => block);
  const place = [titled.indexOf('<script src="/theme.js"'), titled.indexOf('</head>')].find(
    (at) => at !== -1,
  );
  return place === undefined ? titled + block : `${titled.slice(0, place)}${block}${titled.slice(place)}`;
}

/** JSON that stays JSON and cannot end the element that it stands in, or begin a comment there. */
function escapeScript(json: string): string {
  return json.replaceAll(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
