import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOGIN, startFakeAws, type FakeFailure } from './aws.fixture.ts';
import { benchOf, configFor } from './bench.fixture.ts';

const ID = '111111111111';
const world = () => ({
  accounts: [1, 2, 3, 4, 5].map((digit) => ({
    Id: String(digit).repeat(12),
    Name: `account-${digit}`,
    State: 'ACTIVE',
  })),
});
/** One that says secrets back, as nobody should. */
const ECHO = `for ${LOGIN.accessKeyId} ${LOGIN.secretAccessKey} ${LOGIN.sessionToken} arn:aws:iam::${ID}:user/robot`;

const REFUSALS: readonly (readonly [string, FakeFailure['answer'], string])[] = [
  ['may not do it', { status: 400, type: 'AccessDeniedException', message: ECHO }, 'aws/refused'],
  ['has expired', { status: 400, type: 'ExpiredTokenException', message: ECHO }, 'aws/refused'],
  ['is unknown', { status: 400, type: 'UnrecognizedClientException', message: ECHO }, 'aws/refused'],
  ['has no organization', { status: 400, type: 'AWSOrganizationsNotInUseException' }, 'aws/refused'],
  ['asks for nonsense', { status: 400, type: 'InvalidInputException', message: ECHO }, 'aws/bad-answer'],
  ['gets HTML', { status: 200, text: '<html>Sign in</html>' }, 'aws/bad-answer'],
  [
    'gets a name with a script in it',
    { status: 400, type: `<img src=x>${LOGIN.secretAccessKey}` },
    'aws/bad-answer',
  ],
];

describe('a list of AWS', () => {
  for (const [what, answer, code] of REFUSALS) {
    it(`is refused with a reason and without secrets when the portal ${what}`, async () => {
      await using aws = await startFakeAws(world());
      aws.fail({ action: /ListAccounts/, answer });
      const { list, said } = benchOf(configFor(aws));
      const failure = await list('accounts').then(
        () => assert.fail('it was listed'),
        (error: unknown) => error,
      );
      assert.ok(failure instanceof Error);
      assert.equal(Reflect.get(failure, 'code'), code);
      assert.match(failure.message, /organizations:ListAccounts/);
      assert.equal(failure.cause, undefined);
      assert.doesNotMatch(failure.message, /arn:|<img/);
      for (const text of [failure.message, failure.stack ?? '', JSON.stringify(failure), ...said]) {
        for (const secret of Object.values(LOGIN)) assert.ok(!text.includes(secret), text);
      }
      assert.match(said.join('\n'), /ListAccounts failed/);
    });
  }

  it('is refused when the login is another', async () => {
    await using aws = await startFakeAws(world());
    const organizations = { endpoint: aws.url, ...LOGIN, accessKeyId: 'AKIASOMEBODYELSE0001' };
    const other = benchOf(configFor(aws, { organizations }));
    await assert.rejects(other.list('accounts'), { code: 'aws/refused', message: /does not accept/ });
    const late = { ...organizations, accessKeyId: LOGIN.accessKeyId, sessionToken: 'session-of-yesterday' };
    const { list, said } = benchOf(configFor(aws, { organizations: late }));
    await assert.rejects(list('accounts'), { code: 'aws/refused', message: /expired/ });
    assert.ok(!said.join('\n').includes('session-of-yesterday'));
  });

  it('is asked for again when AWS limits requests, in the middle of its pages too', async () => {
    await using aws = await startFakeAws(world());
    const { list } = benchOf(configFor(aws, { groupBy: 'none' }));
    aws.fail({ action: /ListAccounts/, answer: { status: 400, type: 'TooManyRequestsException' } });
    assert.equal((await list('accounts')).length, 5);
    assert.equal(aws.count('organizations:ListAccounts'), 4);
  });

  it('is given up when AWS limits requests for ever', async () => {
    await using aws = await startFakeAws(world());
    const { list } = benchOf(configFor(aws));
    const answer = { status: 400, type: 'TooManyRequestsException', message: ECHO };
    aws.fail({ action: /ListAccounts/, times: 99, answer });
    await assert.rejects(list('accounts'), { code: 'aws/throttled', status: 429 });
    assert.equal(aws.count('organizations:ListAccounts'), 2);
  });

  it('is that of before while AWS fails, for an hour', async () => {
    await using aws = await startFakeAws(world());
    const { list, pass, said } = benchOf(configFor(aws), { attempts: 1 });
    await list('accounts');
    aws.fail({ action: /ListAccounts/, times: 99, answer: { status: 500 } });
    pass(6 * 60_000);
    assert.equal((await list('accounts')).length, 5);
    assert.match(said.join('\n'), /said of accounts before is used/);
    const asked = aws.count('organizations:ListAccounts');
    await list('accounts');
    assert.equal(aws.count('organizations:ListAccounts'), asked);
    pass(60 * 60_000);
    await assert.rejects(list('accounts'), { code: 'aws/bad-answer' });
  });

  it('ends in time when AWS hangs', async () => {
    await using aws = await startFakeAws(world());
    aws.fail({ action: /ListAccounts/, times: 99, answer: 'hang' });
    const { list } = benchOf(configFor(aws), { request: 50, attempts: 1 });
    await assert.rejects(list('accounts'), { code: 'aws/unreachable' });
    // The request could take its time, whoever waits for it cannot.
    const impatient = benchOf(configFor(aws), { patience: 50 });
    await assert.rejects(impatient.list('accounts'), {
      code: 'aws/unreachable',
      message: /not answered yet/,
    });
    const short = benchOf(configFor(aws), { list: 50 });
    await assert.rejects(short.list('accounts'), { code: 'aws/unreachable' });
  });

  it('ends with who asked for it, and is loaded for the next', async () => {
    await using aws = await startFakeAws(world());
    const { list } = benchOf(configFor(aws));
    const gone = new AbortController();
    const first = list('accounts', { signal: gone.signal });
    gone.abort(new Error('the page was closed'));
    await assert.rejects(first, { message: 'the page was closed' });
    assert.equal((await list('accounts')).length, 5);
    assert.equal(aws.count('organizations:ListAccounts'), 3);
  });

  it('is not read round and round when a page leads to itself', async () => {
    await using aws = await startFakeAws(world());
    const page = { Accounts: [{ Id: ID, Name: 'again', State: 'ACTIVE' }], NextToken: 'again' };
    aws.fail({ action: /ListAccounts/, times: 999, answer: { status: 200, body: page } });
    const { list } = benchOf(configFor(aws));
    assert.equal((await list('accounts')).length, 1);
    assert.equal(aws.count('organizations:ListAccounts'), 2);
  });

  it('is not read round and round when a unit is below itself', async () => {
    await using aws = await startFakeAws({
      ...world(),
      units: [
        { Id: 'ou-hbl0-aaaa0001', Name: 'Round', parent: 'r-hbl0' },
        { Id: 'ou-hbl0-aaaa0001', Name: 'Round', parent: 'ou-hbl0-aaaa0001' },
      ],
    });
    assert.equal((await benchOf(configFor(aws)).list('accounts')).length, 5);
  });

  it('says that the network is the reason when nobody listens', async () => {
    const aws = await startFakeAws();
    await aws[Symbol.asyncDispose]();
    const { list } = benchOf(configFor(aws), { attempts: 1 });
    await assert.rejects(list('accounts'), { code: 'aws/unreachable', message: /does not answer/ });
  });
});
