/** What goes wrong between a browser and its portal while somebody works: it is told in words, and nothing is lost. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { screenshot } from './browser.fixture.ts';
import { setStage } from './stage.fixture.ts';

const REFRESH = '**/api/auth/guest/refresh';
const TOKENS = '**/api/auth/v1/personal-tokens';
const SETTINGS = '**/api/user-settings/**';

/** Answers with an error as the server writes it. */
function failing(status: number, error: Readonly<Record<string, string>>): (route: Route) => Promise<void> {
  return (route) => route.fulfill({ status, json: { error, response: { statusCode: status } } });
}

const expired = failing(401, { name: 'AuthenticationError', message: 'Your session is over' });

describe('a session', () => {
  const stage = setStage();

  it('that ends while somebody types loses nothing', async () => {
    const expects = [/^answer: 401 .*(?:refresh|personal-tokens)/, /^console: .* 401 /];
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings/tokens', expects }, async (page) => {
      const name = page.getByRole('textbox', { name: 'What it is for' });
      await name.fill('an hour of thought');
      await page.route(REFRESH, expired);
      await page.route(TOKENS, expired);
      await page.getByRole('button', { name: 'Create the token' }).click();
      const bar = page.getByRole('alert').filter({ hasText: 'Your session has ended.' });
      await bar.first().waitFor();
      await page.getByText('The server said: Your session is over.').waitFor();
      await screenshot(page, '22-session-ended');
      assert.equal(await name.inputValue(), 'an hour of thought');
      // Still refused: the bar stays, and so does the text.
      await page.getByRole('button', { name: 'Sign in again' }).click();
      await bar.first().waitFor();

      await page.unroute(REFRESH);
      await page.unroute(TOKENS);
      await page.getByRole('button', { name: 'Sign in again' }).click();
      await page.getByRole('button', { name: 'Sign in again' }).waitFor({ state: 'detached' });
      assert.equal(await name.inputValue(), 'an hour of thought');
      await page.getByRole('button', { name: 'Create the token' }).click();
      await page.getByRole('heading', { name: 'The token “an hour of thought”' }).waitFor();
    });
  });

  it('is left by signing out, and begins again by signing in', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings/profile' }, async (page) => {
      await page.getByText('group:default/guests').first().waitFor();
      await page.getByRole('button', { name: 'Signed in as Guest' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByRole('heading', { level: 1, name: 'You are signed out' }).waitFor();
      assert.equal(await page.getByText('group:default/guests').count(), 0);
      await screenshot(page, '22-signed-out');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByText('group:default/guests').first().waitFor();
    });
  });
});

describe('a server', () => {
  const stage = setStage();

  it('that is slow is waited for in words', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      const letGo = await holdBack(page, SETTINGS);
      await page.goto('/settings/starred');
      await page.getByText('Still loading…').waitFor();
      await page.locator('.cb-progress').waitFor({ state: 'attached' });
      await screenshot(page, '22-slow');
      letGo();
      await page.getByText('Nothing is starred yet.').waitFor();
      await page.locator('.cb-progress').waitFor({ state: 'detached' });
    });
  });

  it('that answers with an error is quoted with its code, and asked again', async () => {
    const expects = [/^answer: 500 /, /^console: .* 500 /];
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings', expects }, async (page) => {
      await page.route(
        TOKENS,
        failing(500, { name: 'Error', message: 'the disk is full', code: 'kernel/disk-full' }),
      );
      await page.goto('/settings/tokens');
      const alert = page.getByRole('alert').filter({ hasText: 'Your tokens could not be read' });
      await alert.getByText('the disk is full').waitFor();
      await alert.getByText('Code: kernel/disk-full').waitFor();
      await screenshot(page, '22-error-code');
      await page.unroute(TOKENS);
      await alert.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('You have no tokens.').waitFor();
    });
  });

  it('behind a proxy that sends web pages or halves of answers is told from a real one', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      const alert = page.getByRole('alert').filter({ hasText: 'Your tokens could not be read' });
      for (const [body, said] of [
        ['<!doctype html><title>Log in to the network</title>', 'The answer is a web page instead of data'],
        ['{"items":[{"id":"1","na', 'it was cut off'],
      ] as const) {
        await page.route(TOKENS, (route) =>
          route.fulfill({ status: 200, contentType: 'application/json', body }),
        );
        await page.goto('/settings/tokens');
        await alert.getByText(said).waitFor();
        await page.unroute(TOKENS);
      }
      await screenshot(page, '22-garbage');
    });
  });

  it('that cannot be reached for a while is found again without a press', async () => {
    const expects = [/ERR_INTERNET_DISCONNECTED/];
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings/tokens', expects }, async (page) => {
      const name = page.getByRole('textbox', { name: 'What it is for' });
      await name.fill('on the train');
      await page.context().setOffline(true);
      await page.getByText('The server cannot be reached.').first().waitFor();
      await page.getByRole('link', { name: 'Profile', exact: true }).click();
      await page.getByText('Your profile could not be read').waitFor();
      await screenshot(page, '22-offline');
      await page.context().setOffline(false);
      await page.getByText('group:default/guests').first().waitFor();
      await page.getByText('The server cannot be reached.').first().waitFor({ state: 'detached' });
    });
  });

  it('that has a newer version is asked for the page anew', async () => {
    const expects = [/ERR_FAILED/];
    await stage.chrome.visit({ url: stage.portal.url, path: '/no/such/page', expects }, async (page) => {
      await page.route('**/assets/palette-*.js', (route) => route.abort());
      await page.reload();
      await page.getByRole('button', { name: 'Signed in as Guest' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByText('A part of the portal could not be loaded.').waitFor();
      await screenshot(page, '22-newer');
      await page.unroute('**/assets/palette-*.js');
      await page.getByRole('button', { name: 'Load the page again' }).click();
      await page.getByText('A part of the portal could not be loaded.').waitFor({ state: 'detached' });
    });
  });
});

/** Keeps the requests to an address waiting. Answers the function that lets them go on. */
async function holdBack(page: Page, address: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(address, async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}
