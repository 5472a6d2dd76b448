/** What the portal lets nobody do without a name: the API without a token, and sign-in where guests are not let in. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { launchChrome, screenshot } from './browser.fixture.ts';
import { startPortal } from './portal.fixture.ts';

describe('access', () => {
  it('refuses the API without a token, and serves the page', async () => {
    await using portal = await startPortal();
    for (const [path, method] of [
      ['/api/catalog/entities', 'GET'],
      ['/api/catalog/entities/by-query', 'POST'],
      ['/api/catalog/refresh', 'POST'],
    ] as const) {
      const response = await fetch(`${portal.url}${path}`, { method });
      const body: unknown = await response.json();
      assert.equal(response.status, 401, path);
      assert.ok(isObject(body) && isObject(body['error']));
      assert.equal(body['error']['name'], 'AuthenticationError');
    }
    const wrong = await fetch(`${portal.url}/api/catalog/entities`, {
      headers: { Authorization: 'Bearer not-a-token' },
    });
    assert.equal(wrong.status, 401);
    const html = await fetch(`${portal.url}/catalog`, { headers: { Accept: 'text/html' } });
    assert.equal(html.status, 200);
    assert.match(html.headers.get('content-security-policy') ?? '', /script-src 'self'/);
  });

  it('says what to configure when nobody can sign in', async () => {
    await using portal = await startPortal({ auth: { providers: {} }, env: { NODE_ENV: 'production' } });
    await using chrome = await launchChrome();
    const expects = [/^answer: 40[0-9] .*\/guest\/refresh/, /^console: .* 40[0-9] .*\/guest\/refresh/];
    await chrome.visit({ url: portal.url, expects }, async (page) => {
      await page.getByRole('heading', { level: 1, name: 'Nobody can sign in yet' }).waitFor();
      await page.getByText('dangerouslyAllowOutsideDevelopment: true').waitFor();
      await page.getByText('npm run dev').waitFor();
      assert.equal(await page.getByRole('table').count(), 0);
      await screenshot(page, '11-sign-in');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('heading', { level: 1, name: 'Nobody can sign in yet' }).waitFor();
    });
  });

  it('lets no guest in outside development, even when guests are configured', async () => {
    const auth = { providers: { guest: { userEntityRef: 'user:default/guest' } } };
    await using portal = await startPortal({ auth, env: { NODE_ENV: 'production' } });
    const response = await fetch(`${portal.url}/api/auth/guest/refresh`, {
      headers: { 'X-Requested-With': 'XMLHttpRequest' },
    });
    assert.ok(response.status >= 400 && response.status < 500, String(response.status));
  });
});
