/** The personal access tokens of the person who is signed in: `/api/auth/v1/personal-tokens`. */
import { listFrom, notAnswered } from '../../api/answer.ts';
import type { Client } from '../../api/client.ts';
import { dateIn, textIn } from '../../api/entity.ts';

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date | null;
  /** Null: never. */
  readonly expiresAt: Date | null;
  /** Null: never. */
  readonly lastUsedAt: Date | null;
}

export interface NewToken extends Token {
  /** What is sent as `Authorization: Bearer …`. No other answer has it. */
  readonly token: string;
}

export interface TokenWish {
  readonly name: string;
  readonly expiresInDays: number;
}

export interface TokensApi {
  readonly list: (signal?: AbortSignal) => Promise<readonly Token[]>;
  readonly create: (wish: TokenWish) => Promise<NewToken>;
  readonly revoke: (id: string) => Promise<void>;
}

const PATH = '/api/auth/v1/personal-tokens';

export function createTokensApi(client: Client): TokensApi {
  return {
    async list(signal) {
      const answer = await client({ path: PATH, ...(signal !== undefined && { signal }) });
      return listFrom(answer, 'items').map(toToken);
    },
    async create(wish) {
      const answer = await client({ path: PATH, body: wish });
      const made = toToken(answer);
      const token = textIn(answer, 'token');
      if (token === null) throw notAnswered('a token');
      return { ...made, token };
    },
    async revoke(id) {
      await client({ path: `${PATH}/${encodeURIComponent(id)}`, method: 'DELETE' });
    },
  };
}

/** Throws for anything else: a token that is not shown cannot be revoked. */
function toToken(value: unknown): Token {
  const id = textIn(value, 'id');
  if (id === null) throw notAnswered('a token');
  return {
    id,
    name: textIn(value, 'name') ?? id,
    createdAt: dateIn(value, 'createdAt'),
    expiresAt: dateIn(value, 'expiresAt'),
    lastUsedAt: dateIn(value, 'lastUsedAt'),
  };
}
