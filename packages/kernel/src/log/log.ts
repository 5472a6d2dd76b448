/**
 * The log: pino, one JSON object a line, or a plain line when a person watches a terminal.
 * Secrets are removed from the finished line, so no caller can leak one by accident.
 */
import { isObject, parseJson } from '@callboard/model';
import { pino, type Logger as PinoLogger } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** A log whose lines all carry these fields. */
  child(fields: Readonly<Record<string, unknown>>): Log;
}

export interface LogOptions {
  /** Default: `info`. */
  readonly level?: LogLevel;
  /** Plain lines for people instead of JSON. Default: false. */
  readonly plain?: boolean;
  /** Values that must never be written, read anew for each line. Values under 6 characters are ignored. */
  readonly secrets?: () => readonly string[];
  /** Where finished lines go. */
  readonly write: (line: string) => void;
}

const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'clientSecret',
  'privateKey',
];

export function createLog(options: LogOptions): Log {
  const finish = (line: string): void => {
    const clean = scrub(line, options.secrets?.() ?? []);
    options.write(options.plain === true ? toPlainLine(clean) : clean);
  };
  const root = pino(
    {
      level: options.level ?? 'info',
      base: null,
      redact: {
        paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '<secret>',
      },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    { write: finish },
  );
  return toLog(root);
}

function toLog(logger: PinoLogger): Log {
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
    child: (fields) => toLog(logger.child(fields)),
  };
}

/** JSON Web Tokens, and personal access tokens. */
const TOKENS = /eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]+|cbp_[\w-]{43}/g;

function scrub(line: string, secrets: readonly string[]): string {
  let clean = line.includes('eyJ') || line.includes('cbp_') ? line.replace(TOKENS, '<token>') : line;
  for (const secret of secrets) {
    // Lines are JSON, so a secret with quotes or backslashes appears escaped.
    if (secret.length >= 6) clean = clean.replaceAll(JSON.stringify(secret).slice(1, -1), '<secret>');
  }
  return clean;
}

function toPlainLine(line: string): string {
  const entry = parseJson(line);
  if (!isObject(entry)) return line;
  const { level, time, msg, ...fields } = entry;
  const rest = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return ` ${name}=${text}`;
  });
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(msg)}${rest.join('')}\n`;
}
