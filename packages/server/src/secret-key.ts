/**
 * The key that secrets are encrypted with where they are stored: from the configuration, or from a file that is made once
 * beside the database, so that a stolen database alone gives nothing away.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError, type BackendSettings } from '@callboard/kernel';

const KEY_BYTES = 32;

/** 32 bytes. A database in memory gets a key of its own. @throws CodedError `server/secret-key` */
export function openSecretKey({ database }: Pick<BackendSettings, 'database'>): Buffer {
  if (database.file === ':memory:') return randomBytes(KEY_BYTES);
  const file = join(dirname(database.file), 'secrets.key');
  mkdirSync(dirname(file), { recursive: true });
  try {
    // Only one of several processes that start at once makes it; all of them read what is there then.
    writeFileSync(file, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw new CodedError(500, 'server/secret-key', `The key file ${file} could not be made.`, {
        cause: error,
      });
    }
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  const message = `The key file ${file} does not hold ${KEY_BYTES} bytes in base64. Restore it from a backup, or delete it: what is encrypted with it (secrets and outputs of unfinished tasks, what templates wrote) is lost then.`;
  throw new CodedError(500, 'server/secret-key', message);
}
