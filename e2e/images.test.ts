/** Golden images: from a report that comes in to a patch that somebody stops. The patching itself has tests with real parts. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { axeProblems } from './axe.fixture.ts';
import { PHONE, screenshot } from './browser.fixture.ts';
import { startOneImageRegistry } from './registry.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const registry = await startOneImageRegistry({ repository: 'golden/debian', tag: '12' });
const GONE = 'registry.invalid:5000';

/** As Trivy writes it. */
const REPORT = {
  SchemaVersion: 2,
  ArtifactName: `${registry.host}/golden/debian:12`,
  ArtifactType: 'container_image',
  Metadata: {
    OS: { Family: 'debian', Name: '12.1' },
    RepoDigests: [`${registry.host}/golden/debian@${registry.digest}`],
    DiffIDs: [registry.diffId],
    ImageConfig: {
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [registry.diffId] },
    },
  },
  Results: [
    {
      Target: 'debian',
      Class: 'os-pkgs',
      Type: 'debian',
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2026-0001',
          PkgName: 'libssl3',
          InstalledVersion: '3.0.1-1',
          FixedVersion: '3.0.2-1',
          Severity: 'CRITICAL',
          Status: 'fixed',
          Title: '<img src=x onerror=alert(1)> reads beyond its end',
          Layer: { DiffID: registry.diffId },
        },
        {
          VulnerabilityID: 'CVE-2026-0002',
          PkgName: 'bash',
          InstalledVersion: '5.2-1',
          Severity: 'LOW',
          Layer: { DiffID: registry.diffId },
        },
      ],
    },
  ],
};

describe('the pages of golden images', () => {
  const stage = setStage({
    images: {
      golden: [
        {
          name: 'debian-12',
          title: 'Debian 12',
          image: `${registry.host}/golden/debian:12`,
          owner: 'booking',
        },
        { name: 'gone', image: `${GONE}/golden/gone:1` },
      ],
      // It is there, and never says anything.
      scanner: { program: '/bin/false' },
      debounce: '1s',
    },
  });
  after(() => registry[Symbol.asyncDispose]());

  it('show what is there, and why one is not', async () => {
    await until('the golden image is read', async () => {
      const answer = await stage.portal.ask('/api/images/golden');
      return JSON.stringify(answer).includes(registry.digest);
    });
    await stage.chrome.visit({ url: stage.portal.url, path: '/images' }, async (page) => {
      await page.getByText(registry.digest.slice(7, 19)).first().waitFor();
      await page.getByText('No image was patched yet').waitFor();
      await page.getByRole('link', { name: 'Debian 12' }).waitFor();
      await screenshot(page, '30-images', { whole: true });
    });
  });

  it('lead from a report to a patch, which is tried again, and stopped with a word', async () => {
    const taken = await stage.portal.ask('/api/images/reports?name=nightly.json', REPORT);
    assert.ok(isObject(taken) && taken['findings'] === 2);
    await until('a patch runs', async () => {
      const answer = await stage.portal.ask('/api/images/patches?state=running');
      return JSON.stringify(answer).includes('Tried again');
    });
    await stage.chrome.visit({ url: stage.portal.url, path: '/images' }, async (page) => {
      await page.getByRole('link', { name: 'Findings' }).click();
      await page.getByText('<img src=x onerror=alert(1)> reads beyond its end').waitFor();
      await page.getByRole('button', { name: 'Low' }).click();
      await page.waitForURL('**severity=low**');
      await page.getByText('CVE-2026-0002').waitFor();
      await screenshot(page, '30-findings', { whole: true });
      assert.deepEqual(await axeProblems(page), []);
      await page.getByRole('link', { name: 'Images and patches' }).click();
      await page.locator('a[href*="/images/patches/"]').first().click();
      await page.getByRole('heading', { name: /Patch of debian-12/ }).waitFor();
      await page
        .getByText(/scanning with trivy/)
        .first()
        .waitFor();
      await screenshot(page, '30-patch', { whole: true });
      assert.deepEqual(await axeProblems(page), []);
      await page.getByRole('button', { name: 'Cancel the patch…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('Not on a Friday');
      assert.deepEqual(await axeProblems(page), []);
      await dialog.getByRole('button', { name: /Cancel the patch/ }).click();
      await page.getByText('Cancelled', { exact: true }).first().waitFor();
      await page
        .getByText(/stopped it: Not on a Friday/)
        .first()
        .waitFor();
    });
  });

  it('are usable on a phone', async () => {
    const size = { url: stage.portal.url, size: PHONE };
    await stage.chrome.visit({ ...size, path: '/images', colours: 'dark' }, async (page) => {
      await page.getByRole('link', { name: 'Debian 12' }).waitFor();
      const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      assert.equal(wide, false);
      await screenshot(page, '30-images-phone', { whole: true });
    });
  });
});

describe('the pages of golden images where none are configured', () => {
  const stage = setStage();

  it('say what to write', async () => {
    const expects = [/^answer: 404 .*\/api\/images\//, /^console: .* 404 /];
    await stage.chrome.visit({ url: stage.portal.url, path: '/images', expects }, async (page) => {
      await page.getByText('No golden images are configured').waitFor();
      await page.getByText('name: debian-12').waitFor();
      await screenshot(page, '30-images-none');
    });
  });
});
