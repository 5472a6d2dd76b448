/** The settings of a person, and what the portal takes over from the configuration of its tenant. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { axeProblems } from './axe.fixture.ts';
import { PHONE, screenshot } from './browser.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { contrastProblems } from './structure.fixture.ts';

describe('the settings', () => {
  const stage = setStage();

  it('change the theme at once, and keep it', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      await page.getByRole('radio', { name: 'Dark' }).check();
      await page.locator('html[data-theme-mode=dark]').waitFor();
      await screenshot(page, '23-settings-dark', { whole: true });
      await page.reload();
      await page.locator('html[data-theme-mode=dark]').waitFor();
      await page.getByRole('radio', { name: 'Dark' }).and(page.locator(':checked')).waitFor();
      await page.getByRole('button', { name: 'Signed in as Guest' }).click();
      await page.getByRole('menuitem', { name: 'Follow the system' }).click();
      await page.locator('html[data-theme-mode=light]').waitFor();
    });
  });

  it('write dates and numbers in another language at once, everywhere, and in any direction', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      await page.getByText('1,234,567.89').waitFor();
      await screenshot(page, '23-settings', { whole: true });
      const language = page.getByRole('combobox', { name: 'Language of dates and numbers' });
      await language.selectOption('de-DE');
      await page.getByText('1.234.567,89').waitFor();
      await page.getByText('vor 3 Stunden').waitFor();
      await page.reload();
      await page.getByText('1.234.567,89').waitFor();
      await language.selectOption('ar-EG');
      await page.getByText('قبل ٣ ساعات').waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      await screenshot(page, '23-settings-arabic', { whole: true });
      await page.getByRole('link', { name: 'Profile', exact: true }).click();
      await page.locator('time:dir(rtl)').waitFor();
      // What somebody else wrote there is no language.
      await page.evaluate("localStorage.setItem('callboard.locale', 'klingon?')");
      await page.goto('/settings');
      await page.getByText('1,234,567.89').waitFor();
    });
  });

  it('say who I am', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings/profile' }, async (page) => {
      await page.getByRole('link', { name: 'guests' }).waitFor();
      await page.getByText('user:default/guest').first().waitFor();
      await page.getByText('the guest sign-in').waitFor();
      await screenshot(page, '23-profile');
    });
  });

  it('make a token that works, show it once, and revoke it', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings/tokens' }, async (page) => {
      await page.getByRole('button', { name: 'Create the token' }).click();
      await page.getByText('Say what the token is for.').waitFor();
      await page.getByRole('textbox', { name: 'What it is for' }).fill('nightly export');
      await page.getByRole('combobox', { name: 'Good for' }).selectOption('7');
      await page.getByRole('textbox', { name: 'What it is for' }).press('Enter');
      await page.getByRole('heading', { name: 'The token “nightly export”' }).waitFor();
      await screenshot(page, '23-token');
      await page.getByRole('button', { name: 'Copy the token' }).click();
      const token = String(await page.evaluate('navigator.clipboard.readText()'));
      assert.equal(await statusWith(stage.portal.url, token), 200);
      await page.getByRole('button', { name: 'Copy the command' }).click();
      const command = String(await page.evaluate('navigator.clipboard.readText()'));
      assert.match(command, /^curl .*Bearer .*'http:\/\/localhost.*\/api\/catalog\/.*'$/);
      assert.ok(command.includes(token));
      await page.getByRole('button', { name: 'I have copied it' }).click();
      await page.reload();
      await page.getByRole('listitem').filter({ hasText: 'nightly export' }).waitFor();
      assert.equal(await page.getByText(token).count(), 0);

      await page.getByRole('button', { name: 'Revoke nightly export' }).click();
      const dialog = page.getByRole('dialog', { name: 'Revoke this token?' });
      await dialog.waitFor();
      await screenshot(page, '23-revoke');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      assert.equal(await statusWith(stage.portal.url, token), 200);
      await page.getByRole('button', { name: 'Revoke nightly export' }).click();
      await dialog.getByRole('button', { name: 'Revoke' }).click();
      await page.getByText('You have no tokens.').waitFor();
      assert.equal(await statusWith(stage.portal.url, token), 401);
    });
  });

  it('list what is starred, also what is gone, and take stars away', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings/starred' }, async (page) => {
      await page.getByText('Nothing is starred yet.').waitFor();
      await star(page, ['component:default/booking-service', 'component:default/long-gone']);
      await page.reload();
      await page.getByRole('link', { name: 'Booking service' }).waitFor();
      await page.getByText('is not in the catalog any more').waitFor();
      await screenshot(page, '23-starred');
      await page.getByRole('button', { name: 'Take the star from component:default/long-gone' }).click();
      await page.getByText('is not in the catalog any more').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Take the star from Booking service' }).click();
      await page.getByText('Nothing is starred yet.').waitFor();
    });
  });

  it('forget what this browser remembers', async () => {
    const path = '/catalog/default/component/booking-service';
    await stage.chrome.visit({ url: stage.portal.url, path }, async (page) => {
      await page.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
      await page.goto('/settings/device');
      await page.getByRole('link', { name: 'Booking service' }).waitFor();
      await screenshot(page, '23-device');
      await page.getByRole('button', { name: 'Forget them all' }).click();
      await page.getByText('Nothing is remembered.').waitFor();
    });
  });

  it('fit a phone', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings', size: PHONE }, async (page) => {
      await page.getByText('1,234,567.89').waitFor();
      await screenshot(page, '23-settings-phone', { whole: true });
      await page.getByRole('button', { name: 'More pages' }).click();
      await screenshot(page, '23-menu-phone');
      await page.getByRole('menuitem', { name: 'Health' }).click();
      await page.waitForURL('**/health');
    });
  });
});

describe('the portal of a tenant', () => {
  const logo =
    'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 24"%3E%3Crect width="90" height="24" rx="4" fill="teal"/%3E%3C/svg%3E'
      .replaceAll('"', '%22')
      .replaceAll(' ', '%20');
  const theme = { primaryColor: 'gold', headerColor1: 'hsl(267 58% 44%)', headerColor2: '#f2f2f2' };
  const stage = setStage({
    app: {
      title: 'Harbour desk',
      branding: { fullLogo: logo, fullLogoWidth: 90, theme: { light: theme, dark: theme } },
      support: { url: 'https://help.example/' },
    },
  });

  for (const colours of ['light', 'dark'] as const) {
    it(`has its name, logo and colours, which stay readable, in ${colours}`, async () => {
      await stage.chrome.visit({ url: stage.portal.url, path: '/settings', colours }, async (page) => {
        await page.getByText('1,234,567.89').waitFor();
        await page.getByAltText('Harbour desk').waitFor();
        assert.equal(await page.title(), 'General · Settings · Harbour desk');
        const background = await page.evaluate(
          "getComputedStyle(document.querySelector('.cb-header')).backgroundImage",
        );
        assert.match(String(background), /^linear-gradient/);
        assert.deepEqual(await contrastProblems(page), []);
        assert.deepEqual(await axeProblems(page), []);
        await page.getByRole('button', { name: 'Signed in as Guest' }).click();
        await page.getByRole('menuitem', { name: 'Get support' }).waitFor();
        await screenshot(page, `23-tenant-${colours}`);
      });
    });
  }
});

/** What the API answers to somebody with this token. */
async function statusWith(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/api/catalog/entities/by-query?limit=1`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  await response.body?.cancel();
  return response.status;
}

/** Stars with Backstage's API, as another portal would. */
async function star(page: Page, refs: readonly string[]): Promise<void> {
  const answered = await page.evaluate<number>(`(async () => {
    const signedIn = await fetch('/api/auth/guest/refresh', { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    const { backstageIdentity } = await signedIn.json();
    const response = await fetch('/api/user-settings/buckets/starredEntities/keys/entityRefs', {
      method: 'PUT',
      headers: { Authorization: 'Bearer ' + backstageIdentity.token, 'Content-Type': 'application/json' },
      body: JSON.stringify({ value: ${JSON.stringify(refs)} }),
    });
    return response.status;
  })()`);
  assert.equal(answered, 200);
}
