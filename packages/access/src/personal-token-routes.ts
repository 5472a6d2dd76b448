/** The wire of personal access tokens: `/api/auth/v1/personal-tokens`. They are Callboard's own. */
import type { FastifyInstance } from 'fastify';
import { isObject } from '@callboard/model';
import type { Access } from './access.ts';
import { accessError } from './errors.ts';
import type { PersonalToken } from './personal-token.ts';

const BASE = '/api/auth/v1/personal-tokens';
const DAY = 24 * 3600 * 1_000;
const MAX_NAME = 100;
const EXPIRES_IN_DAYS = { usual: 90, max: 365 };
const BODY_LIMIT = 16 * 1024;

/** `now`: milliseconds since 1970. */
export function personalTokenRoutes(app: FastifyInstance, access: Access, now: () => number): void {
  const { personalTokens } = access;
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store');
    done();
  });

  app.get(BASE, async ({ headers }) => {
    const { userEntityRef } = await access.authenticateUser(headers, { plugin: 'auth' });
    return { items: personalTokens.list(userEntityRef).map(toWire) };
  });

  app.post(BASE, { bodyLimit: BODY_LIMIT }, async ({ headers, body }, reply) => {
    const { userEntityRef } = await access.authenticateSession(headers, { plugin: 'auth' });
    const { name, days } = parseWish(body);
    const provider = await access.signedInBy(userEntityRef);
    const expiresAt = now() + days * DAY;
    const { token, item } = await personalTokens.create({ userEntityRef, provider, name, expiresAt });
    return reply.code(201).send({ ...toWire(item), token });
  });

  app.delete<{ Params: { readonly id: string } }>(`${BASE}/:id`, async ({ headers, params }, reply) => {
    const { userEntityRef } = await access.authenticateSession(headers, { plugin: 'auth' });
    await personalTokens.remove(userEntityRef, params.id);
    return reply.code(204).send();
  });
}

function parseWish(body: unknown): { readonly name: string; readonly days: number } {
  const { name, expiresInDays = EXPIRES_IN_DAYS.usual } = isObject(body) ? body : {};
  const text = typeof name === 'string' ? name.trim() : '';
  if (text === '' || text.length > MAX_NAME) {
    throw accessError('access/invalid-token-wish', `name has to be a text of 1 to ${MAX_NAME} characters.`);
  }
  const { max } = EXPIRES_IN_DAYS;
  const isNumber = typeof expiresInDays === 'number' && Number.isInteger(expiresInDays);
  if (!isNumber || expiresInDays < 1 || expiresInDays > max) {
    throw accessError(
      'access/invalid-token-wish',
      `expiresInDays has to be a whole number from 1 to ${max}; without it, a token is good for ` +
        `${EXPIRES_IN_DAYS.usual} days.`,
    );
  }
  return { name: text, days: expiresInDays };
}

function toWire({ id, name, createdAt, expiresAt, lastUsedAt }: PersonalToken): Record<string, unknown> {
  return {
    id,
    name,
    createdAt: isoOf(createdAt),
    expiresAt: isoOf(expiresAt),
    lastUsedAt: isoOf(lastUsedAt),
  };
}

const isoOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
