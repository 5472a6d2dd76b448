import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from './error.ts';
import { createSession, type Session, type SessionProblem } from './session.ts';

interface Server {
  readonly session: Session;
  readonly requests: Request[];
  answer: () => Response;
  now: number;
}

const granted = (token: string, expiresInSeconds = 3600): Response =>
  Response.json({
    backstageIdentity: {
      token,
      identity: {
        type: 'user',
        userEntityRef: 'user:default/guest',
        ownershipEntityRefs: ['group:default/guests', 'user:default/guest'],
      },
      expiresInSeconds,
    },
    profile: { displayName: 'Guest', email: 'guest@portal.test' },
  });

const refused = (status: number): Response =>
  Response.json({ error: { name: 'NotAllowedError', message: 'guests are not let in' } }, { status });

function server(answer: () => Response): Server {
  const requests: Request[] = [];
  const fake: Server = {
    requests,
    answer,
    now: 1_000_000,
    session: createSession({
      fetch: async (path, init) => {
        requests.push(new Request(new URL(path, 'http://portal.test'), init));
        return fake.answer();
      },
      now: () => fake.now,
    }),
  };
  return fake;
}

function problemOf(session: Session): SessionProblem | null {
  const state = session.state();
  assert.equal(state.kind, 'signed-in');
  return state.kind === 'signed-in' ? state.problem : null;
}

describe('createSession', () => {
  it('signs in as Backstage does, once for everybody who asks at the same time', async () => {
    const { session, requests } = server(() => granted('one'));
    assert.deepEqual(await Promise.all([session.token(), session.token()]), ['one', 'one']);
    assert.equal(await session.token(), 'one');
    assert.equal(requests.length, 1);
    assert.equal(requests[0]?.url, 'http://portal.test/api/auth/guest/refresh');
    assert.equal(requests[0]?.headers.get('X-Requested-With'), 'XMLHttpRequest');
    assert.deepEqual(session.state(), {
      kind: 'signed-in',
      identity: {
        userEntityRef: 'user:default/guest',
        displayName: 'Guest',
        email: 'guest@portal.test',
        picture: null,
        ownershipEntityRefs: ['group:default/guests', 'user:default/guest'],
        provider: 'guest',
      },
      expiresAt: new Date(1_000_000 + 3_600_000),
      problem: null,
    });
  });

  it('takes a new token before the old one expires', async () => {
    const fake = server(() => granted('one', 600));
    await fake.session.token();
    fake.answer = () => granted('two');
    fake.now += 539_000;
    assert.equal(await fake.session.token(), 'one');
    fake.now += 2_000;
    assert.equal(await fake.session.token(), 'two');
  });

  it('renews a refused token, and does not renew one that was replaced meanwhile', async () => {
    const fake = server(() => granted('one'));
    await fake.session.token();
    fake.answer = () => granted('two');
    assert.equal(await fake.session.renew('one'), 'two');
    assert.equal(await fake.session.renew('one'), 'two');
    assert.equal(fake.requests.length, 2);
  });

  it('says why nobody can be signed in, and signs in when that is over', async () => {
    const fake = server(() => refused(403));
    const seen: string[] = [];
    fake.session.subscribe(() => seen.push(fake.session.state().kind));
    await assert.rejects(fake.session.token(), ApiError);
    assert.deepEqual(fake.session.state(), {
      kind: 'refused',
      status: 403,
      message: 'guests are not let in',
    });
    fake.answer = () => granted('one');
    assert.equal(await fake.session.token(), 'one');
    assert.deepEqual(seen, ['refused', 'signed-in']);
  });

  it('is unavailable when the server does not answer at first', async () => {
    const fake = server(() => {
      throw new TypeError('fetch failed');
    });
    await assert.rejects(fake.session.token(), { status: 0 });
    assert.deepEqual(fake.session.state(), { kind: 'unavailable', message: 'fetch failed' });
  });

  it('keeps the page of somebody who is signed in when a renewal cannot reach the server', async () => {
    const fake = server(() => granted('one'));
    await fake.session.token();
    fake.answer = () => refused(503);
    await assert.rejects(fake.session.renew('one'), { status: 503 });
    assert.deepEqual(problemOf(fake.session), { kind: 'unreachable', message: 'guests are not let in' });
    fake.answer = () => granted('two');
    assert.equal(await fake.session.renew('one'), 'two');
    assert.equal(problemOf(fake.session), null);
  });

  it('keeps the page when the session ends, asks no more, and goes on when the person signs in again', async () => {
    const fake = server(() => granted('one'));
    await fake.session.token();
    fake.answer = () => refused(401);
    await assert.rejects(fake.session.renew('one'), { status: 401, name: 'SessionEndedError' });
    assert.deepEqual(problemOf(fake.session), { kind: 'ended', message: 'guests are not let in' });
    const asked = fake.requests.length;
    await assert.rejects(fake.session.renew('one'), { status: 401, name: 'SessionEndedError' });
    assert.equal(fake.requests.length, asked);
    await fake.session.signIn();
    assert.equal(problemOf(fake.session)?.kind, 'ended');
    fake.answer = () => granted('two');
    await fake.session.signIn();
    assert.equal(problemOf(fake.session), null);
    assert.equal(await fake.session.token(), 'two');
  });

  it('signs out at the server, and in again only when it is asked to', async () => {
    const fake = server(() => granted('one'));
    await fake.session.token();
    fake.answer = () => new Response(null);
    await fake.session.signOut();
    assert.equal(fake.requests.at(-1)?.url, 'http://portal.test/api/auth/guest/logout');
    assert.equal(fake.requests.at(-1)?.method, 'POST');
    assert.deepEqual(fake.session.state(), { kind: 'signed-out' });
    fake.answer = () => granted('two');
    await assert.rejects(fake.session.token(), { status: 401 });
    await fake.session.signIn();
    assert.equal(await fake.session.token(), 'two');
  });

  it('stays signed in when the server does not sign out', async () => {
    const fake = server(() => granted('one'));
    await fake.session.token();
    fake.answer = () => refused(503);
    await assert.rejects(fake.session.signOut(), { status: 503 });
    assert.equal(fake.session.state().kind, 'signed-in');
  });

  it('says that the answer is a web page when a proxy sends one', async () => {
    const { session } = server(() => new Response('<!doctype html><title>Log in</title>'));
    await assert.rejects(session.token(), { status: 502, message: /a web page instead of data/ });
    assert.equal(session.state().kind, 'unavailable');
  });

  it('does not accept an answer without a token', async () => {
    const { session } = server(() => Response.json({ backstageIdentity: {} }));
    await assert.rejects(session.token(), ApiError);
    assert.equal(session.state().kind, 'unavailable');
  });
});
